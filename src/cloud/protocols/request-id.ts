/** The headers that carry a request's id. */
import type { ServiceModel } from './model.ts'

/** AWS: `x-amzn-requestid`, unless the service names them differently. */
export const requestIdHeaders = ({ wire }: ServiceModel, requestId: string): Record<string, string> =>
  wire?.requestIds?.(requestId) ?? { 'x-amzn-requestid': requestId }
