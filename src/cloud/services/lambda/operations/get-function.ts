/** lambda:GetFunction, GetFunctionConfiguration, and the download of a function's code. */

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Cloud } from '../../../kernel/cloud.ts'
import { operation } from '../../../kernel/operation.ts'
import { accessTo } from '../engine/access.ts'
import { readArchive } from '../engine/code.ts'
import { describeVersion } from '../engine/configuration.ts'
import { reference } from '../engine/find.ts'
import { findVersion } from '../engine/find-version.ts'
import { functionKind } from '../kinds.ts'

/** Milliseconds a link to the code is good for. AWS: ten minutes. */
const LINK_TIME = 600_000

export const GetFunctionConfiguration = operation({
  service: 'lambda',
  name: 'GetFunctionConfiguration',
  access: accessTo('GetFunctionConfiguration'),
  run: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName, input.Qualifier)
    const configuration = describeVersion(functionKind.find(ctx, ref), findVersion(ctx, ref))
    return { ...configuration, FunctionArn: ref.qualifiedArn }
  },
})

export const GetFunction = operation({
  service: 'lambda',
  name: 'GetFunction',
  access: accessTo('GetFunction'),
  run: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName, input.Qualifier)
    const stored = functionKind.find(ctx, ref)
    const version = findVersion(ctx, ref)
    const { reservedConcurrency, tags } = stored
    return {
      Configuration: { ...describeVersion(stored, version), FunctionArn: ref.qualifiedArn },
      Code: { RepositoryType: 'S3', Location: codeLink(ctx.cloud, version.codeSha256) },
      ...(Object.keys(tags).length ? { Tags: { ...tags } } : {}),
      ...(reservedConcurrency === undefined
        ? {}
        : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
    }
  },
})

const sign = (cloud: Cloud, text: string): Buffer =>
  createHmac('sha256', `lambda code of ${cloud.folder} ${cloud.secret}`).update(text).digest()

function codeLink(cloud: Cloud, codeSha256: string): string {
  const name = Buffer.from(codeSha256, 'base64').toString('hex')
  const until = cloud.clock.now() + LINK_TIME
  const signature = sign(cloud, `${name}:${until}`).toString('hex')
  return `${cloud.endpoint}/_lambda/code/${name}?until=${until}&signature=${signature}`
}

/** Answers the links that GetFunction gives. */
export async function downloadCode(
  request: IncomingMessage,
  response: ServerResponse,
  cloud: Cloud,
): Promise<void> {
  const url = new URL(request.url ?? '/', cloud.endpoint)
  const name = /^\/_lambda\/code\/([0-9a-f]{64})$/.exec(url.pathname)?.[1] ?? ''
  const until = url.searchParams.get('until') ?? ''
  const given = Buffer.from(url.searchParams.get('signature') ?? '', 'hex')
  const wanted = sign(cloud, `${name}:${until}`)
  const valid = given.length === wanted.length && timingSafeEqual(given, wanted)
  if (request.method !== 'GET' || !valid || Number(until) < cloud.clock.now()) {
    response.writeHead(403, { 'content-type': 'text/plain' }).end('this link is not valid (any more)\n')
    return
  }
  const archive = await readArchive(cloud, Buffer.from(name, 'hex').toString('base64')).catch(() => undefined)
  if (archive) response.writeHead(200, { 'content-type': 'application/zip' }).end(archive)
  else response.writeHead(404, { 'content-type': 'text/plain' }).end('this code is gone\n')
}
