/** Which operation a request means, in every protocol. */
import { AwsError } from '../../model/index.ts'
import type { WireRequest } from '../kernel/wire.ts'
import type { OperationModel, ServiceModel } from './model.ts'
import { queryParameters } from './query.ts'
import { routeRest } from './route-rest.ts'
import { operationOfPath } from './rpc-cbor.ts'

/**
 * Gives the operation of a request. For the JSON protocols only the target's part after the last dot counts, so
 * that every prefix which a client knows for the same service is understood.
 * Errors: the protocol's own for an unknown operation, naming it; NotImplemented for operations with event streams.
 */
export function route(model: ServiceModel, wire: WireRequest): OperationModel {
  const found = find(model, wire)
  if (found.eventStream) {
    throw new AwsError(
      'NotImplemented',
      `${model.name}:${found.name} answers with an event stream, which the embedded cloud does not support.`,
      { status: 501 },
    )
  }
  return found
}

function find(model: ServiceModel, wire: WireRequest): OperationModel {
  if (model.protocol === 'json') return byTarget(model, wire)
  if (model.protocol === 'cbor') return byName(model, operationOfPath(wire))
  if (model.protocol === 'query') return byAction(model, wire)
  return routeRest(model, wire) ?? unknownPath(model, wire)
}

function byTarget(model: ServiceModel, wire: WireRequest): OperationModel {
  const target = wire.headers['x-amz-target'] ?? ''
  const name = target.slice(target.lastIndexOf('.') + 1)
  if (name) return byName(model, name)
  throw unknownOperation('The X-Amz-Target header is missing')
}

function byName(model: ServiceModel, name: string): OperationModel {
  const found = model.operations.get(name)
  if (found) return found
  throw unknownOperation(`The operation ${name} is not known to ${model.name}`)
}

const unknownOperation = (message: string): AwsError =>
  new AwsError('UnknownOperationException', message, { status: 400 })

function byAction(model: ServiceModel, wire: WireRequest): OperationModel {
  const parameters = queryParameters(wire)
  const name = parameters.get('Action') ?? ''
  const version = parameters.get('Version') ?? model.apiVersion
  const found = model.operations.get(name)
  // AWS: another version may have an operation of this name that is not this one, as that of Classic Load Balancers has.
  if (found && version === model.apiVersion) return found
  if (name === '')
    throw new AwsError('MissingAction', 'The request must contain the parameter Action.', { status: 400 })
  throw new AwsError('InvalidAction', `Could not find operation ${name} for version ${version}`, {
    status: 400,
  })
}

function unknownPath({ name, wire }: ServiceModel, request: WireRequest): never {
  const message = `Unknown operation: ${request.method} ${request.path} is not known to ${name}`
  throw wire?.wrongMethod?.(request) ?? new AwsError('UnknownOperationException', message, { status: 404 })
}
