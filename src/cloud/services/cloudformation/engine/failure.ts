/** Why a resource could not be made, changed or deleted, as CloudFormation words it in an event. */
import type { AwsError } from '../../../../model/index.ts'

const handlerCodes: readonly (readonly [RegExp, string])[] = [
  [/AccessDenied|UnauthorizedOperation|AuthorizationError|Forbidden/i, 'AccessDenied'],
  [/AlreadyExists|AlreadyOwned|EntityExists|BucketAlready/i, 'AlreadyExists'],
  [/NotFound|NoSuch|DoesNotExist/i, 'NotFound'],
  [/LimitExceeded|QuotaExceeded|TooMany/i, 'ServiceLimitExceeded'],
  [/Throttl/i, 'Throttling'],
  [/Conflict|ResourceInUse|DeleteConflict|BucketNotEmpty/i, 'ResourceConflict'],
]

/** Gives the HandlerErrorCode for a service's error. */
export const handlerErrorCode = (error: AwsError): string =>
  handlerCodes.find(([pattern]) => pattern.test(error.code))?.[1] ??
  (error.status >= 500 ? 'ServiceInternalError' : 'InvalidRequest')

/**
 * Gives the status reason for an error. `service` is the title of the one that answered it; absent for a handler's own
 * words, and for CloudFormation's own errors, whose message stands alone.
 */
export function failureReason(
  error: AwsError,
  origin: { service?: string; requestId: string; token: string },
): string {
  const { service, requestId, token } = origin
  const own = error.fields.handlerErrorCode
  if (own !== undefined)
    return `Resource handler returned message: "${error.message}" (RequestToken: ${token}, HandlerErrorCode: ${own})`
  if (!service) return error.message
  const detail = `Service: ${service}, Status Code: ${error.status}, Request ID: ${requestId}`
  return `Resource handler returned message: "${error.message} (${detail})" (RequestToken: ${token}, HandlerErrorCode: ${handlerErrorCode(error)})`
}
