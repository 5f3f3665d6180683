/** Everything that a check found, as one list of problems with places: for annotations and reports. */
import type { FleetError, SourceLocation } from '../../model/index.ts'
import type { Finding } from '../landscape/finding.ts'
import type { Origin } from '../landscape/placed-template.ts'
import type { Proof } from '../proof/proof.ts'
import { groupFailures } from './group-failures.ts'
import type { Excess } from './overgrant.ts'
import type { QuotaUse } from './quotas/quota.ts'

export interface Problem {
  readonly rule: string
  readonly level: 'error' | 'warning' | 'note'
  readonly message: string
  /** Where it stands: in a stack, or in the user's file alone. */
  readonly origin?: Origin | SourceLocation
}

export interface CheckResults {
  readonly proof: Proof
  readonly findings: readonly Finding[]
  readonly excesses: readonly Excess[]
  readonly quotas: readonly QuotaUse[]
}

/** Gives the problems, errors first; `warnings` are what synthesis has to say of the fleet. */
export function problemsOf(
  { proof, findings, excesses, quotas }: CheckResults,
  warnings: readonly FleetError[] = [],
): Problem[] {
  const ofFleet = warnings.map(
    ({ message, fix, location }): Problem => ({
      rule: 'fleet',
      level: 'warning',
      message: fix ? `${message}: ${fix}` : message,
      ...(location && { origin: location }),
    }),
  )
  const denied = groupFailures(proof.edges).map((group): Problem => {
    const [remedy] = group.failure.remedies
    const statement = remedy?.statement ? ` Add: ${JSON.stringify(remedy.statement)}` : ''
    return {
      rule: 'denied',
      level: 'error',
      message: `${group.principal} may not ${group.actions.join(', ')} on ${group.resources.join(', ')} (${group.because.join('; ')}): ${group.failure.saidNo} says no. ${remedy?.advice ?? ''}${statement}`,
      origin: remedy?.origin,
    }
  })
  const linted = findings.map(
    ({ rule, severity, message, fix, origin }): Problem => ({
      rule,
      level: severity,
      message: `${message}. Fix: ${fix}.`,
      origin,
    }),
  )
  const full = quotas
    .filter(({ state }) => state !== 'fine')
    .map(
      ({ quota, state, message, origin }): Problem => ({
        rule: quota,
        level: state === 'over' ? 'error' : 'warning',
        message,
        origin,
      }),
    )
  const open = excesses.map(
    ({ message, origin }): Problem => ({ rule: 'over-grant', level: 'warning', message, origin }),
  )
  const unknown = [
    ...new Set(
      proof.edges.flatMap(({ verdict, assumed }) => (verdict === 'unknown' && assumed ? assumed : [])),
    ),
  ].map((assumed): Problem => ({ rule: 'not-proven', level: 'note', message: `Not proven: ${assumed}.` }))
  const unread = proof.notes.map((message): Problem => ({ rule: 'not-read', level: 'note', message }))
  return [...ofFleet, ...denied, ...linted, ...full, ...open, ...unknown, ...unread].sort(
    (one, other) => LEVELS.indexOf(one.level) - LEVELS.indexOf(other.level),
  )
}

/** Whether a problem is that something was taken for granted, or could not be read. */
export const isAssumption = ({ rule }: Problem): boolean => rule === 'not-proven' || rule === 'not-read'

const LEVELS: readonly Problem['level'][] = ['error', 'warning', 'note']
