import { FORMAT_VERSION, MODEL_VERSION } from '../event/index.ts';
import type { Resolved } from '../scenario/index.ts';
import type { LogReport } from '../trace/index.ts';
import { expectationText, watchedAt } from '../worker/launch.ts';
import type { Finished } from './session.ts';

/** Every choice, number and knob in force. */
export function settingsOf({ choices, given, program }: Resolved): Record<string, string | number | boolean> {
  const set: Record<string, string | number | boolean> = { ...choices, ...given };
  for (const n of program.scenario.numbers) set[n.name] = n.value;
  for (const k of program.scenario.knobs)
    set[k.name] = k.value === 0 ? false : k.value === 1 ? true : k.value;
  return set;
}

/** What `run --json` prints. */
export function result(resolved: Resolved, finished: Finished, log: LogReport) {
  const { simulation: sim, wallMs, hash } = finished;
  const { scenario } = resolved.program;
  const verdict = sim.verdict();
  const violations = sim.violations();
  const cycle = sim.deadlock();
  const watched = watchedAt(resolved.choices.grain);
  return {
    format: FORMAT_VERSION,
    model: MODEL_VERSION,
    build: __BUILD__,
    scenario: scenario.name,
    title: scenario.title,
    machine: resolved.machine.id,
    set: settingsOf(resolved),
    custom: resolved.program.custom,
    hypothetical: resolved.hypothetical,
    seed: resolved.choices.seed,
    expect: expectationText(scenario.expect),
    schedule:
      scenario.schedule.length === 0 ? null : { turns: scenario.schedule.length, over: sim.turnsOver },
    // A run that --until cut short has not come to its end.
    outcome: verdict === 'running' ? 'limit' : verdict,
    reason:
      verdict === 'running' ? { message: 'stopped by --until', thread: null, line: null } : sim.stopReason(),
    simulatedNs: sim.now,
    events: sim.events,
    wallMs: Math.round(wallMs * 10) / 10,
    eventsPerSec: Math.round(sim.events / (wallMs / 1000)),
    hash,
    invariants: watched,
    ...log,
    violations: violations.map(({ invariant, atNs, thread, line, message, event, causes }) => ({
      invariant,
      atNs,
      thread,
      line,
      message,
      event,
      causes,
    })),
    violationCount: sim.violationCount(),
    deadlock: cycle === null ? null : { cycle },
  };
}

export type RunResult = ReturnType<typeof result>;
