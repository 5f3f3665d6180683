/** What all operations on several messages have in common. */
import { AwsError } from '../../../../model/index.ts'

interface Entry {
  readonly Id: string
}

interface Failed {
  readonly Id: string
  readonly SenderFault: boolean
  readonly Code: string
  readonly Message: string
}

/** Errors: EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId, BatchEntryIdsNotDistinct. */
export function checkBatch(kind: string, entries: readonly Entry[]): void {
  if (!entries.length)
    throw new AwsError('EmptyBatchRequest', `There should be at least one ${kind} in the request.`)
  if (entries.length > 10)
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    )
  if (entries.some(({ Id }) => !/^[A-Za-z0-9_-]{1,80}$/.test(Id)))
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    )
  const ids = entries.map(({ Id }) => Id)
  const twice = ids.find((id, at) => ids.indexOf(id) !== at)
  if (twice !== undefined) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${twice} repeated.`)
}

/** Does something for each; what is refused is told beside the rest. */
export function forEachEntry<E extends Entry, R>(
  entries: readonly E[],
  work: (entry: E) => R,
): { Successful: (R & { Id: string })[]; Failed: Failed[] } {
  const Successful: (R & { Id: string })[] = []
  const Failed: Failed[] = []
  for (const entry of entries)
    try {
      Successful.push({ ...work(entry), Id: entry.Id })
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message })
    }
  return { Successful, Failed }
}
