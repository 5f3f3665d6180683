/** Git's smart HTTP protocol for repositories, authorized as codecommit:GitPull and codecommit:GitPush. */
import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { AwsError } from '../../../../model/index.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Context, ContextFactory } from '../../../kernel/context.ts'
import { decodedBody, isDecodable } from '../../../machine/decoded-body.ts'
import { isPush, serveGit } from '../../../machine/serve-git.ts'
import { referenceKey } from '../engine/access.ts'
import { announce } from '../engine/announce.ts'
import { folderOf } from '../engine/repository-folder.ts'
import { repositoryKind } from '../kinds.ts'
import type { Repository } from '../state.ts'
import { type Address, readAddress } from './address.ts'
import { identify } from './identify.ts'
import { NoPush, type PushHead, readPushHead, refusedPush } from './push-commands.ts'

/**
 * Answers git at `/_codecommit/<region>/v1/repos/<name>`, and under AWS's own host names at `/v1/repos/<name>`. As on AWS
 * the repository is one of the caller's own account.
 */
export async function serveRepository(
  request: IncomingMessage,
  response: ServerResponse,
  cloud: Cloud,
  context: ContextFactory,
): Promise<void> {
  const { host = '' } = request.headers
  const address = readAddress(host, request.url ?? '')
  if (!address) return say(response, 404, `There is no repository at ${request.url}`)
  const identity = identify(cloud, request.headers.authorization, host, address)
  if (typeof identity === 'string') {
    // AWS: wrong credentials are answered by 403; none at all ask git for some.
    const asks = request.headers.authorization === undefined
    return say(response, asks ? 401 : 403, identity, {
      ...(asks && { 'www-authenticate': 'Basic realm="crossdock"' }),
    })
  }
  if (identity.account) cloud.organization?.join(identity.account)
  const ctx = context({ identity, account: identity.account, region: address.region })
  try {
    // AWS: asked without a reference first, which is why a Deny on branches wants `Null` beside it.
    await ctx.authorize([repositoryKind.on(ctx, isPush(address) ? 'GitPush' : 'GitPull', address.name)])
    const repository = repositoryKind.find(ctx, address.name)
    await serve(ctx, request, response, { address, repository })
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    await cloud.store.flush()
    say(response, error.code === 'RepositoryDoesNotExistException' ? 404 : 403, error.message)
  }
}

async function serve(
  ctx: Context,
  request: IncomingMessage,
  response: ServerResponse,
  { address, repository }: { address: Address; repository: Repository },
): Promise<void> {
  const { cloud, identity } = ctx
  const { service, query } = address
  const details = { folder: folderOf(cloud, repository), service, query, user: identity.accessKeyId ?? '' }
  if (service !== '/git-receive-pack' || !isDecodable(request))
    return serveGit(cloud.processes, request, response, details)
  const body = decodedBody(request)
  const head = await readPushHead(body).catch((error: Error) => error)
  if (head instanceof Error) {
    request.resume()
    return say(response, 400, head instanceof NoPush ? head.message : `The body is broken: ${head.message}`)
  }
  const denied = await denialOf(ctx, address.name, head)
  if (denied !== undefined) {
    body.resume()
    await cloud.store.flush()
    const report = refusedPush(head, denied)
    if (report === undefined) return say(response, 403, denied)
    response.writeHead(200, { 'content-type': 'application/x-git-receive-pack-result' })
    return void response.end(report)
  }
  // Git is answered once the push is told and on disk: what it has heard of starts what it should.
  const told = async () => {
    if (existsSync(details.folder)) await announce(ctx, repository)
  }
  await serveGit(cloud.processes, request, response, { ...details, body }, told)
}

/** AWS: one reference that may not be pushed refuses the push. */
async function denialOf(ctx: Context, name: string, { references }: PushHead): Promise<string | undefined> {
  try {
    await ctx.authorize(references.map((one) => repositoryKind.on(ctx, 'GitPush', name, referenceKey(one))))
    return undefined
  } catch (error) {
    if (error instanceof AwsError) return error.message
    throw error
  }
}

function say(
  response: ServerResponse,
  status: number,
  words: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain', ...headers })
  response.end(`${words}\n`)
}
