/** The registry's door: Docker Registry HTTP API V2, so that skopeo, buildah, podman and docker push and pull. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { AwsError } from '../../../../model/index.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { ContextFactory } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'
import { openPassword } from '../operations/get-authorization-token.ts'
import { continueUpload, finishUpload, getBlob, headBlob, startUpload } from './blobs.ts'
import { serveLayer } from './layer-download.ts'
import { deleteManifest, getManifest, listTags, putManifest } from './manifests.ts'
import { type RegistryAnswer, type RegistryCall, readCall, type Wanted } from './registry-call.ts'
import { registryError } from './registry-error.ts'

const JSON_TYPE = 'application/json; charset=utf-8'

type Handler = (call: RegistryCall) => Promise<RegistryAnswer>

const HANDLERS: Readonly<Record<string, Handler>> = {
  'GET manifests': getManifest,
  'HEAD manifests': getManifest,
  'PUT manifests': putManifest,
  'DELETE manifests': deleteManifest,
  'GET tags': listTags,
  'GET blobs': getBlob,
  'HEAD blobs': headBlob,
  'POST uploads': startUpload,
  'PATCH uploads': continueUpload,
  'PUT uploads': finishUpload,
}

/**
 * Answers `/v2/…` with ECR's own operations under the identity that the password carries, and `/_ecr/layer`.
 * AWS: the user name is always AWS.
 */
export async function serveRegistry(
  request: IncomingMessage,
  response: ServerResponse,
  cloud: Cloud,
  context: ContextFactory,
): Promise<void> {
  const { method = 'GET', url = '/' } = request
  if (url.startsWith('/_ecr/layer?')) return serveLayer(request, response, { cloud, context })
  const wanted = readCall(method, request.headers.host ?? '', url)
  let answer: RegistryAnswer
  try {
    const caller = { identity: identify(cloud, request), context }
    answer = isPing(method, url) ? { status: 200, body: '{}' } : await handle(request, wanted, caller)
  } catch (error) {
    const told = registryError(error, wanted?.kind)
    if (!told) throw error
    answer = { ...told, headers: { 'content-type': JSON_TYPE } }
  }
  await cloud.store.flush()
  send(response, method === 'HEAD' ? { ...answer, body: undefined } : { body: '', ...answer }, cloud)
}

const isPing = (method: string, url: string): boolean => method === 'GET' && url === '/v2/'

function identify(cloud: Cloud, request: IncomingMessage): Identity {
  const [scheme = '', encoded = ''] = (request.headers.authorization ?? '').split(' ')
  const [user, ...password] = Buffer.from(encoded, 'base64').toString().split(':')
  if (scheme.toLowerCase() !== 'basic' || user !== 'AWS') throw new AwsError('Unauthorized', 'Not Authorized')
  const identity = openPassword(cloud, password.join(':'))
  return { ...identity, context: { ...identity.context, 'aws:SourceIp': '127.0.0.1' } }
}

interface RegistryCaller {
  readonly identity: Identity
  readonly context: ContextFactory
}

async function handle(
  request: IncomingMessage,
  wanted: Wanted | undefined,
  caller: RegistryCaller,
): Promise<RegistryAnswer> {
  const { method = 'GET', url = '/' } = request
  if (!wanted)
    throw new AwsError(
      'NameInvalid',
      `${url.split('?')[0]} is no address here; repositories are at /v2/<account>/<region>/<name>/`,
    )
  const handler = HANDLERS[`${method} ${wanted.kind}`]
  if (!handler)
    throw new AwsError('Unsupported', `The embedded cloud does not support ${method} of ${wanted.kind}.`)
  return handler(callOf(request, wanted, caller))
}

function callOf(
  request: IncomingMessage,
  wanted: Wanted,
  { identity, context }: RegistryCaller,
): RegistryCall {
  const { account, region, name } = wanted
  const named = { registryId: account, repositoryName: name }
  const ctx = context({ identity, account: identity.account, region })
  return {
    ...wanted,
    request,
    ctx,
    named,
    call: (operation, input) =>
      ctx.call('ecr', operation, { ...named, ...input } as never, { as: identity, region }),
  }
}

function send(response: ServerResponse, { status, headers, body }: RegistryAnswer, cloud: Cloud): void {
  response.writeHead(status, {
    'docker-distribution-api-version': 'registry/2.0',
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    ...(status === 401 && {
      'www-authenticate': `Basic realm="${cloud.endpoint}/",service="ecr.amazonaws.com"`,
    }),
    ...headers,
  })
  response.end(body)
}
