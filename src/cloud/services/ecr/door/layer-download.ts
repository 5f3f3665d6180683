/** Downloads of layers from the addresses that ecr:GetDownloadUrlForLayer gives. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AwsError } from '../../../../model/index.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { ContextFactory } from '../../../kernel/context.ts'
import { serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import { openLayer } from '../engine/blobs.ts'
import { openSeal } from '../engine/encryption.ts'
import { readLayerAddress } from '../engine/layer-address.ts'
import { inRepository, layers } from '../state.ts'

const plain = { 'content-type': 'text/plain' }

/** Answers `GET` and `HEAD /_ecr/layer?…`. AWS: the signature in the address is all it takes. */
export async function serveLayer(
  request: IncomingMessage,
  response: ServerResponse,
  { cloud, context }: { cloud: Cloud; context: ContextFactory },
): Promise<void> {
  const place = readLayerAddress(cloud, new URL(request.url ?? '/', cloud.endpoint).searchParams)
  if (!place || !['GET', 'HEAD'].includes(request.method ?? ''))
    return void response.writeHead(403, plain).end('The address was not made by this cloud, or is too old.\n')
  const { account, region, name, digest } = place
  const layer = cloud.store.of(layers, account, region).get(inRepository(name, digest))
  if (!layer) return void response.writeHead(404, plain).end('The layer is gone.\n')
  const headers = { 'content-type': 'application/octet-stream', 'content-length': layer.size }
  if (request.method === 'HEAD') return void response.writeHead(200, headers).end()
  const ctx = context({ identity: serviceIdentity(servicePrincipal('ecr')), account, region })
  try {
    const decrypt = (await openSeal(ctx, region, layer.seal))(0)
    const bytes = openLayer(cloud, layer.file)
    response.writeHead(200, headers)
    await pipeline(Readable.from(decrypted(bytes, decrypt)), response)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    response.writeHead(403, plain).end(`${error.message}\n`)
  }
}

async function* decrypted(bytes: AsyncIterable<Uint8Array>, decrypt: (bytes: Uint8Array) => Uint8Array) {
  for await (const chunk of bytes) yield decrypt(chunk)
}
