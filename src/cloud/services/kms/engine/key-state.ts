/** Which key states an operation works in. */
import { AwsError } from '../../../../model/index.ts'
import type { KeyRecord } from '../state.ts'

/** Refuses a key that cannot encrypt or decrypt now. Errors: DisabledException, KMSInvalidStateException. */
export function mustBeEnabled(key: KeyRecord): void {
  mustNotBePendingDeletion(key)
  if (key.state === 'Disabled') throw new AwsError('DisabledException', `${key.arn} is disabled.`)
}

/** Refuses a key that is about to be deleted. Errors: KMSInvalidStateException. */
export function mustNotBePendingDeletion(key: KeyRecord): void {
  if (key.state !== 'PendingDeletion') return
  throw new AwsError('KMSInvalidStateException', `${key.arn} is pending deletion.`)
}

/** Ends a trial run where everything else was well. Errors: DryRunOperationException. */
export function endDryRun(dryRun: boolean | undefined): void {
  if (!dryRun) return
  throw new AwsError(
    'DryRunOperationException',
    'The request would have succeeded, but the DryRun option is set.',
    { status: 412 },
  )
}
