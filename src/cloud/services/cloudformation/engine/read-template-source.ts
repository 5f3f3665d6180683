/** Gets a template's text from where a request says it is: in the request, in S3, or the stack's own. */
import { request } from 'node:http'
import { TEMPLATE_BYTES } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { validationError } from './validation-error.ts'

export interface TemplateSource {
  readonly TemplateBody?: string
  readonly TemplateURL?: string
  readonly UsePreviousTemplate?: boolean
}

/**
 * Gives the text of a template. An object in S3 is read as the caller; a presigned URL speaks for whoever signed it.
 * Errors: ValidationError where it is missing, too large, or cannot be read.
 */
export async function readTemplateSource(
  source: TemplateSource,
  ctx: Context,
  previous?: string,
): Promise<string> {
  const { TemplateBody: body, TemplateURL: url, UsePreviousTemplate: same } = source
  const given = [body !== undefined, url !== undefined, same === true].filter(Boolean).length
  if (given > 1)
    throw validationError('Only one of TemplateBody, TemplateURL and UsePreviousTemplate can be specified.')
  if (body !== undefined) return limited(body, ctx)
  if (url !== undefined) return readObject(url, ctx)
  if (same && previous !== undefined) return previous
  throw validationError('Either Template URL or Template Body must be specified.')
}

/** What stack sets call with: their templates were measured when the set took them, and come from nowhere else. */
export const STACK_SET = 'cloudformation/stack-sets'

function limited(body: string, { invokedBy }: Context): string {
  if (invokedBy === STACK_SET || Buffer.byteLength(body) <= TEMPLATE_BYTES.inRequest) return body
  throw validationError(
    `1 validation error detected: Value '${body.slice(0, 100)}…' at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${TEMPLATE_BYTES.inRequest}`,
  )
}

/** A policy document or template by its URL. */
export async function readObject(url: string, ctx: Context): Promise<string> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const place = parsed && placeOf(parsed, ctx)
  if (!parsed || !place) throw validationError('TemplateURL must be a supported URL.')
  const text = parsed.searchParams.has('X-Amz-Signature')
    ? await readPresigned(parsed, ctx)
    : await readAsCaller(place, ctx)
  if (Buffer.byteLength(text) > TEMPLATE_BYTES.inBucket)
    throw validationError(`Template may not exceed ${TEMPLATE_BYTES.inBucket} bytes in size.`)
  return text
}

interface Place {
  readonly bucket: string
  readonly key: string
  readonly region?: string
  readonly version?: string
}

const HOST = /^(?:(?<bucket>.+)\.)?s3(?:[.-](?<region>[a-z]{2}-[a-z-]+-\d))?\.amazonaws\.com$/

/** AWS: path style and virtual-host style; here also under the embedded cloud's own address. */
function placeOf(url: URL, ctx: Context): Place | undefined {
  const path = decodeURIComponent(url.pathname.slice(1))
  const version = url.searchParams.get('versionId') ?? undefined
  const match = HOST.exec(url.hostname)
  const own =
    url.origin === ctx.cloud.endpoint || url.hostname === 'localhost' || url.hostname === '127.0.0.1'
  if (!match && !own) return undefined
  const { bucket, region } = match?.groups ?? {}
  if (bucket) return { bucket, key: path, region, version }
  const slash = path.indexOf('/')
  return slash < 1 ? undefined : { bucket: path.slice(0, slash), key: path.slice(slash + 1), region, version }
}

async function readAsCaller({ bucket, key, region, version }: Place, ctx: Context): Promise<string> {
  try {
    const { Body: body } = await ctx.call(
      's3',
      'GetObject',
      { Bucket: bucket, Key: key, VersionId: version },
      { region },
    )
    return await collect(body)
  } catch (error) {
    throw validationError(`S3 error: ${error instanceof Error ? error.message : String(error)}`)
  }
}

async function collect(body: unknown): Promise<string> {
  if (typeof body === 'string') return body
  if (body instanceof Uint8Array) return Buffer.from(body).toString()
  const chunks: Uint8Array[] = []
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** The signature covers the host, so the request goes to the embedded cloud under the host that was signed. */
function readPresigned(url: URL, ctx: Context): Promise<string> {
  const { hostname, port } = new URL(ctx.cloud.endpoint)
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, path: `${url.pathname}${url.search}`, headers: { host: url.host } },
      (answer) => {
        collect(answer).then((text) => {
          if (answer.statusCode === 200) resolve(text)
          else
            reject(
              validationError(
                `S3 error: ${/<Message>([^<]*)/.exec(text)?.[1] ?? `status ${answer.statusCode}`}`,
              ),
            )
        }, reject)
      },
    )
    sent.on('error', reject)
    sent.end()
  })
}
