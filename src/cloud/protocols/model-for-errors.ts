/** The model whose error shape a client expects, before it is known what the request means. */
import { knownServices, loadModel, type ServiceModel } from './model.ts'
import type { WireRequest } from './wire.ts'

/** Guesses from the signature's scope, the target header and the content type; S3 is what is left. */
export function modelForErrors(wire: WireRequest): ServiceModel {
  const credential = /Credential=([^,\s]+)/.exec(wire.headers.authorization ?? '')?.[1]
  const scope = credential ?? new URLSearchParams(wire.query).get('X-Amz-Credential') ?? ''
  const service = scope.split('/')[3]
  if (service !== undefined && knownServices.includes(service)) return loadModel(service)
  if (wire.headers['x-amz-target'] !== undefined) return loadModel('kms')
  const isForm = wire.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
  return loadModel(isForm || /(^|&)Action=/.test(wire.query) ? 'sts' : 's3')
}
