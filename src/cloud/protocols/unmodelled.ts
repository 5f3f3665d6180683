/** How a service is answered that has no model here: in the protocol that its client speaks, told by the request's form. */
import { entryOf } from '../../model/index.ts'
import { otherProtocols } from '../generated/other-protocols.ts'
import type { Wire, WireRequest } from '../kernel/wire.ts'
import { bareModel, type ServiceModel } from './model.ts'
import { escapeXml } from './xml-write.ts'

type Asked = Pick<WireRequest, 'headers' | 'query'>

/**
 * Gives a model that errors can be encoded by. AWS: a target stands for JSON, a form with an action for the query
 * protocol, Smithy's header for CBOR; what comes otherwise is REST, with JSON but for those few that have XML.
 */
export function unmodelled(service: string, { headers, query }: Asked): ServiceModel {
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') return bareModel(service, { protocol: 'cbor' })
  const type = headers['content-type'] ?? ''
  if (headers['x-amz-target'] !== undefined) {
    const [, jsonVersion = '1.1'] = /x-amz-json-(1\.\d)/.exec(type) ?? []
    return bareModel(service, { protocol: 'json', jsonVersion })
  }
  const other = entryOf(otherProtocols, service)
  const isAction = type.startsWith('application/x-www-form-urlencoded') || /(^|&)Action=/.test(query)
  if (other === 'ec2') return bareModel(service, { protocol: 'query' }, EC2)
  // AWS: errors of REST with XML and of the query protocol look alike.
  return bareModel(service, { protocol: isAction || other === 'rest-xml' ? 'query' : 'rest-json' })
}

/** AWS: the EC2 query protocol has errors within errors, and an ID in capitals. */
const EC2: Wire = {
  errorBody: ({ code, error, requestId }) => ({
    headers: { 'content-type': 'text/xml' },
    body:
      `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${escapeXml(code)}</Code>` +
      `<Message>${escapeXml(error.message)}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`,
  }),
}
