/** The error of a deployment: every stack that failed, with its cause. */
import type { StackFailure } from './events.ts'

/** Stacks that are named where many failed for the same reason. */
const NAMED = 3

export class DeploymentFailure extends Error {
  override readonly name = 'DeploymentFailure'
  readonly failures: readonly StackFailure[]

  constructor(failures: readonly StackFailure[], options?: ErrorOptions) {
    super(describe(failures), options)
    this.failures = failures
  }
}

function describe(failures: readonly StackFailure[]): string {
  const byReason = new Map<string, StackFailure[]>()
  for (const failure of failures) {
    const same = byReason.get(failure.reason) ?? []
    byReason.set(failure.reason, same)
    same.push(failure)
  }
  return [...byReason.values()]
    .flatMap((same) => {
      const more = same.length - NAMED
      return [
        ...same.slice(0, NAMED).map(line),
        ...(more > 0 ? [`and ${more} more for the same reason`] : []),
      ]
    })
    .join('\n')
}

function line({ stack, target, environment, logicalId, resourceType, reason }: StackFailure): string {
  const resource = logicalId ? ` ${logicalId} (${resourceType})` : ''
  return `${stack} in ${environment} (${target.account}, ${target.region}) failed:${resource} ${reason}`
}
