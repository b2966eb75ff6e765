/** The allocator's text: its knobs are declared there, each with what it is. */
const text = Object.values(
  import.meta.glob<string>('../../kernel/alloc/zone.kp', { query: '?raw', import: 'default', eager: true }),
).join('');

/** A switch of the allocator. */
export interface Knob {
  readonly name: string;
  readonly given: boolean;
  readonly help: string;
}

/** Switches of the zone allocator, in the order of its text. */
export const zoneKnobs: readonly Knob[] = [
  ...text.matchAll(/^knob (\w+) = (true|false); *\/\/: *(.*)$/gm),
].map(([, name = '', given, help = '']) => ({ name, given: given === 'true', help }));
