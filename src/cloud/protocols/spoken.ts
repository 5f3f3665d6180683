/** Which protocol a request speaks, of a service that speaks several. */
import type { WireRequest } from '../kernel/wire.ts'
import type { ServiceModel } from './model.ts'

/**
 * Gives the model in the protocol of a request. AWS: a service that has gone from one protocol to others answers old
 * clients and new ones, told by Smithy's header, by the target, or by a form.
 */
export function spoken(model: ServiceModel, { headers }: Pick<WireRequest, 'headers'>): ServiceModel {
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') return model.in('cbor')
  return model.in(headers['x-amz-target'] === undefined ? 'query' : 'json')
}
