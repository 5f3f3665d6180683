/** What two locks of a fleet file differ in, in words. */
import { EMPTY_LOCK, type FleetLock } from './lock.ts'

/** Gives a line for each account and branch that came or went, in the order of the lock. */
export function lockChanges(before: FleetLock = EMPTY_LOCK, after: FleetLock): string[] {
  const [old, now] = [linesOf(before), linesOf(after)]
  return [
    ...[...now].filter((line) => !old.has(line)).map((line) => `+ ${line}`),
    ...[...old].filter((line) => !now.has(line)).map((line) => `- ${line}`),
  ]
}

const linesOf = ({ environments, branches }: FleetLock): ReadonlySet<string> =>
  new Set([
    ...Object.entries(environments).flatMap(([environment, { accounts }]) =>
      Object.entries(accounts).map(
        ([id, name]) => `${environment}: account ${name === id ? id : `${id} ${name}`}`,
      ),
    ),
    ...Object.entries(branches).flatMap(([repository, patterns]) =>
      Object.entries(patterns).flatMap(([pattern, names]) =>
        names.map((name) => `${repository} ${pattern}: branch ${name}`),
      ),
    ),
  ])
