/** Webhooks at work: what comes in at their addresses, or by a push to a repository that they are registered with. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ActionDeclaration, type AwsError, readJson } from '../../../../model/index.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Context, ContextFactory } from '../../../kernel/context.ts'
import { anonymousIdentity } from '../../../kernel/identity.ts'
import { repositoryPushed } from '../../../kernel/service-events.ts'
import { findRunner } from '../providers/index.ts'
import { pipelines, type StoredWebhook, webhooks } from '../state.ts'
import { beginExecution } from './begin-execution.ts'
import { isLetIn, isTaken } from './webhook-payload.ts'

export const WEBHOOK_PATH = '/_codepipeline/webhooks/'
/** Bytes. GitHub sends no more than 25 MB. */
const LIMIT = 25 * 1024 * 1024

/** The source action that a webhook is for; undefined where it is no longer there. */
export function targetOf(
  ctx: Context,
  { definition }: Pick<StoredWebhook, 'definition'>,
): ActionDeclaration | undefined {
  const pipeline = ctx.table(pipelines).get(definition.targetPipeline)
  return pipeline?.declaration.stages[0]?.actions.find(({ name }) => name === definition.targetAction)
}

/** Starts a webhook's pipeline, where its filters take what it is told. */
function trigger(ctx: Context, hook: StoredWebhook, payload: unknown): boolean {
  const target = targetOf(ctx, hook)
  const pipeline = ctx.table(pipelines).get(hook.definition.targetPipeline)
  if (!target || !pipeline || !isTaken(hook.definition, target, payload)) return false
  ctx.table(webhooks).put(hook.name, { ...hook, lastTriggered: ctx.cloud.clock.now(), error: undefined })
  try {
    beginExecution(ctx, pipeline, { trigger: { type: 'Webhook', detail: hook.arn } })
  } catch (error) {
    const { code, message } = error as AwsError
    if (code !== 'ConcurrentPipelineExecutionsLimitExceededException') throw error
    ctx.table(webhooks).put(hook.name, { ...hook, error: { code, message } })
  }
  return true
}

/** Tells registered webhooks of pushes to the repositories of their targets, as the repositories' host would. */
export function listenForPushes(cloud: Cloud, context: ContextFactory): void {
  cloud.bus.on(repositoryPushed, (push) => {
    for (const { account, region, table } of cloud.store.everywhere(webhooks))
      for (const hook of table.values()) {
        const ctx = context({ identity: anonymousIdentity, account, region })
        const target = hook.registered ? targetOf(ctx, hook) : undefined
        const payload = target && findRunner(target)?.hook?.(target.configuration ?? {}, push)
        if (payload) trigger(ctx, hook, payload)
      }
  })
}

/** Answers the addresses of webhooks. AWS: what the filters do not take is ignored. */
export async function takeHook(
  request: IncomingMessage,
  response: ServerResponse,
  cloud: Cloud,
  context: ContextFactory,
): Promise<void> {
  const answer = (status: number, text: string) =>
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
  const { pathname } = new URL(request.url ?? '/', cloud.endpoint)
  const body = await bodyOf(request)
  const found = cloud.store.everywhere(webhooks).flatMap(({ account, region, table }) => {
    const hook = table.values().find(({ secretPath }) => `${WEBHOOK_PATH}${secretPath}` === pathname)
    return hook ? [{ hook, ctx: context({ identity: anonymousIdentity, account, region }) }] : []
  })[0]
  if (!found) return void answer(404, 'There is no such webhook.')
  if (request.method !== 'POST') return void answer(405, 'Webhooks are told by POST.')
  if (!body) return void answer(413, 'The payload is too large.')
  const { hook, ctx } = found
  const address = request.socket.remoteAddress ?? ''
  if (!isLetIn(hook.definition, { headers: request.headers, body, address }))
    return void answer(403, 'The request is not authenticated.')
  const payload = payloadOf(body)
  if (payload === undefined) return void answer(400, 'The payload is not JSON.')
  const started = trigger(ctx, hook, payload.value)
  await cloud.store.flush()
  answer(200, started ? 'The pipeline is started.' : 'The filters of the webhook do not take the payload.')
}

function payloadOf(body: Buffer): { value: unknown } | undefined {
  try {
    return { value: readJson(body.toString()) }
  } catch {
    return undefined
  }
}

/** What is too large is read to its end, and let go: a client that is still sending hears no answer. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size <= LIMIT) chunks.push(chunk as Buffer)
  }
  return size > LIMIT ? undefined : Buffer.concat(chunks)
}
