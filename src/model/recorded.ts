/** Resources that the embedded cloud only keeps a record of: how their events say so, for whoever reads them. */

const RECORDED = 'Recorded: the embedded cloud has no '

/** Gives the reason that the events of a recorded resource carry. */
export const recordedReason = (service: string): string =>
  `${RECORDED}${service}; checked against the resource specification only`

/** Whether an event's reason is that. */
export const isRecordedReason = (reason: string): boolean => reason.startsWith(RECORDED)
