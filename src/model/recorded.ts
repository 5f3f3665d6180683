/** Resources that the embedded cloud only keeps a record of: how their events say so, for whoever reads them. */

const RECORDED = 'Recorded: the embedded cloud has no '

/** Gives the reason that the events of a recorded resource carry, by its type: of its service there may be other types. */
export const recordedReason = (type: string): string =>
  `${RECORDED}${type}; checked against the resource specification only`

/** Whether an event's reason is that. */
export const isRecordedReason = (reason: string): boolean => reason.startsWith(RECORDED)
