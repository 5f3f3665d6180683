/** Reads a request to a service's plain HTTP, and says who signed it where that is asked for. */
import { AwsError } from '../../model/index.ts'
import type { ReadPlain } from '../kernel/plain-request.ts'
import type { Host } from './host.ts'
import { identify } from './identify.ts'
import { verifyPayload } from './signature/index.ts'
import { wholeBody } from './whole-body.ts'
import { wireRequest } from './wire-request.ts'

export const plainReader =
  (cloud: Host): ReadPlain =>
  async (request, { limit, signed }) => {
    const wire = wireRequest(request)
    const caller = signed ? identify(cloud, wire) : undefined
    const body = wire.stream ? await wholeBody(wire.stream, limit) : wire.body
    if (!body)
      throw new AwsError('RequestEntityTooLarge', `The request body exceeds ${limit} bytes.`, { status: 413 })
    if (!caller || caller.identity.kind === 'anonymous') return { body }
    if (caller.identity.account) cloud.organization?.join(caller.identity.account)
    return { body: verifyPayload(caller.payload, wire.headers, body), caller }
  }
