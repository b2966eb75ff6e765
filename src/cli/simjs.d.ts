declare module 'simjs' {
  interface Request {
    done(callback: () => void): Request;
  }
  class Entity {
    start(): void;
    setTimer(duration: number): Request;
    useFacility(facility: Facility, duration: number): Request;
  }
  class Facility {
    constructor(name: string, discipline?: number, servers?: number);
    static FCFS: number;
  }
  class Sim {
    addEntity<T extends Entity>(Class: new () => T): T;
    simulate(until: number): boolean;
    time(): number;
  }

  export { Entity, Facility, Sim };
}
