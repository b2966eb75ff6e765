interface Request {
  done(callback: () => void): Request;
}

interface Entity {
  setTimer(duration: number): Request;
  useFacility(facility: object, duration: number): Request;
}

/** The part of simjs that the benchmark uses. */
export interface SimJs {
  readonly Entity: new (...args: unknown[]) => Entity;
  readonly Facility: new (name: string) => object;
  readonly Sim: new () => { addEntity(entity: unknown): unknown; simulate(until: number): boolean };
}

/** Loads simjs, which looks for a browser's window. */
export async function loadSimJs(): Promise<SimJs> {
  const host = globalThis as { window?: { Sim?: SimJs } };
  host.window ??= {};
  await import('simjs');
  const { Sim } = host.window;
  if (Sim === undefined) throw new Error('simjs did not load');
  return Sim;
}
