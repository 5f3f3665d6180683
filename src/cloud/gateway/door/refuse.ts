/** The answer to a request that is not let in: 403 in the words of whichever protocol was addressed. */

import { AwsError } from '../../../model/index.ts'
import type { RefusedRequest } from '../../kernel/refused-requests.ts'
import { encodeError, modelForErrors, type WireRequest, type WireResponse } from '../../protocols/index.ts'

/** Links of services, git and the cloud's own addresses are plain HTTP, image registries have errors of their own. */
export function refuse(wire: WireRequest, { message, fix }: RefusedRequest, requestId: string): WireResponse {
  const text = `${message} To be let in: ${fix}.`
  if (/^\/v2(?:\/|$)/.test(wire.path)) {
    const body = JSON.stringify({ errors: [{ code: 'DENIED', message: text }] })
    return { status: 403, headers: { 'content-type': 'application/json; charset=utf-8' }, body }
  }
  if (wire.path.startsWith('/_'))
    return { status: 403, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `${text}\n` }
  const model = modelForErrors(wire)
  const code = model.protocol.endsWith('json') ? 'AccessDeniedException' : 'AccessDenied'
  return encodeError(model, undefined, new AwsError(code, text, { status: 403 }), requestId)
}
