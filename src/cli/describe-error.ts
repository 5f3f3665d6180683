/** Turns any error into what a user should read: known kinds in words, bugs with their trace. */
import { DeploymentFailure } from '../deploy/index.ts'
import { FleetErrors } from '../fleet/index.ts'
import { FleetError } from '../model/index.ts'
import { UsageError } from './command.ts'
import type { Terminal } from './terminal.ts'

export function describeError(error: unknown, { colors }: Terminal): string {
  const problem = colors.red('error')
  if (error instanceof FleetErrors)
    return [...error.errors.map((one) => `${problem} ${one}`), ...(error.more ? [error.more] : [])].join('\n')
  if (error instanceof FleetError || error instanceof UsageError)
    return `${problem} ${String(error).replace(/^UsageError: /, '')}`
  if (error instanceof DeploymentFailure) return `${problem} ${error.message}`
  if (isAwsServiceError(error)) return `${problem} ${error.name}: ${error.message}`
  if (isSystemError(error)) return `${problem} ${error.message}`
  return `${problem} this is a bug in Crossdock: ${error instanceof Error ? error.stack : String(error)}`
}

/** AWS's answer to a call, as the SDK throws it. */
const isAwsServiceError = (error: unknown): error is Error =>
  error instanceof Error && '$metadata' in error && '$fault' in error

/** The system's answer: a missing file, a port in use, a refused connection. */
const isSystemError = (error: unknown): error is Error =>
  error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string' && 'syscall' in error
