import type { ReactNode } from 'react';
import type { TraceMeta } from '../../event/index.ts';
import { app, useApp } from '../app-store.ts';
import { counted } from '../text/numbers.ts';
import { verdictText } from '../text/verdict.ts';
import { tip } from '../tips/tip.ts';
import { TimeLink } from './words.tsx';

/** 'a break of no_fresh_zero_page', 'deadlock'; a scenario that says nothing expects to pass. */
function wantedOutcome(expect: NonNullable<ReturnType<typeof app>['info']>['expect']): string {
  if (expect === null) return 'pass';
  return expect.outcome === 'violation' ? `a break of ${expect.invariant}` : expect.outcome;
}

/** What was found in the run: what it means, the records that led to it, and whether the scenario expects it. */
export function Findings({ meta }: { readonly meta: TraceMeta }): ReactNode {
  const findings = useApp((s) => s.findings);
  const verdict = useApp((s) => s.progress?.verdict ?? 'running');
  const expect = useApp((s) => s.info?.expect ?? null);
  const causes = useApp((s) => s.causes);
  const finding = findings[0];
  if (finding === undefined) return null;
  const invariant = meta.invariants.find(({ name }) => name === finding.title);
  const violated = findings.filter(({ kind }) => kind === 'violation').map(({ title }) => title);
  const { expected } = verdictText(verdict, expect, violated);
  return (
    <section className="why-finding" aria-label="What was found">
      <div>
        <h2>
          {finding.title}
          {verdict !== 'running' && (
            <span className={expected ? 'good' : 'bad'}>
              {expected ? 'as the scenario expects: ' : 'the scenario expects: '}
              {wantedOutcome(expect)}
            </span>
          )}
        </h2>
        <p>{finding.message}</p>
        {invariant !== undefined && invariant.source !== '' && (
          <p className="dim">Source: {invariant.source}</p>
        )}
        {findings.length > 1 && (
          <details>
            <summary>{counted(findings.length - 1, 'further finding')}</summary>
            <ul>
              {findings.slice(1).map(({ event, title, message }) => (
                <li key={event}>
                  <button
                    type="button"
                    className="word"
                    {...tip('Go to this record')}
                    onClick={() => app().move({ to: 'event', event: event + 1 })}
                  >
                    {title}
                  </button>
                  <span className="dim">{message}</span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
      {causes.length > 0 && (
        <div>
          <h3>What led to it</h3>
          <ol>
            {causes.map((record) => (
              <li key={record.id}>
                <TimeLink t={record.t} />
                <button
                  type="button"
                  className="word"
                  {...tip('Go to this record')}
                  onClick={() => {
                    const name = meta.threads[record.thread]?.name;
                    if (name !== undefined) app().select(name);
                    app().move({ to: 'event', event: record.id + 1 });
                  }}
                >
                  {record.sentence}
                </button>
              </li>
            ))}
          </ol>
        </div>
      )}
    </section>
  );
}
