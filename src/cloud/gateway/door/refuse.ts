/** The answer to a request that is not let in: 403 in the words of whichever protocol was addressed. */

import { AwsError } from '../../../model/index.ts'
import type { RefusedRequest } from '../../kernel/refused-requests.ts'
import { encodeError, type WireRequest, type WireResponse } from '../../protocols/index.ts'
import type { Addressees } from '../addressees.ts'

/** Links of services, git and the cloud's own addresses are plain HTTP; a service may have errors of its own there. */
export function refuse(
  wire: WireRequest,
  { message, fix }: RefusedRequest,
  { requestId, addressees }: { requestId: string; addressees: Addressees },
): WireResponse {
  const text = `${message} To be let in: ${fix}.`
  const told = addressees.plain(wire, `${wire.path}/`)?.path.refusal?.(text)
  if (told) return { status: 403, headers: { 'content-type': told.contentType }, body: told.body }
  if (wire.path.startsWith('/_') && addressees.isOwn(wire.host))
    return { status: 403, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `${text}\n` }
  const model = addressees.modelForErrors(wire)
  const code = model.protocol.endsWith('json') ? 'AccessDeniedException' : 'AccessDenied'
  return encodeError(model, undefined, new AwsError(code, text, { status: 403 }), requestId)
}
