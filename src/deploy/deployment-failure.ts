/** The error of a deployment: every stack that failed, with its cause. */
import type { StackFailure } from './events.ts'

export class DeploymentFailure extends Error {
  override readonly name = 'DeploymentFailure'
  readonly failures: readonly StackFailure[]

  constructor(failures: readonly StackFailure[]) {
    super(failures.map(describe).join('\n'))
    this.failures = failures
  }
}

function describe({ stack, target, environment, logicalId, resourceType, reason }: StackFailure): string {
  const resource = logicalId ? ` ${logicalId} (${resourceType})` : ''
  return `${stack} in ${environment} (${target.account}, ${target.region}) failed:${resource} ${reason}`
}
