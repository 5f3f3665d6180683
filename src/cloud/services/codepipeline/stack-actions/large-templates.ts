/** Templates too large to be sent in a call: offered under a URL of the cloud's own, as AWS offers them in S3. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Cloud, part } from '../../../kernel/cloud.ts'

const PATH = '/_codepipeline/templates/'

/** By the id in their URL. */
const offered = part({ name: 'templates on offer', make: () => new Map<string, string>() })

/** Lets work use a URL that stands for the text and that whoever holds it may read, until the work is done. */
export async function withTemplateUrl<T>(
  cloud: Cloud,
  text: string,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const id = cloud.ids.mixed(40)
  cloud.part(offered).set(id, text)
  try {
    return await work(`${cloud.endpoint}${PATH}${id}?X-Amz-Signature=${id}`)
  } finally {
    cloud.part(offered).delete(id)
  }
}

/** Answers the URLs of templates on offer. */
export async function serveTemplate(
  request: IncomingMessage,
  response: ServerResponse,
  cloud: Cloud,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', cloud.endpoint)
  const text = pathname.startsWith(PATH) ? cloud.part(offered).get(pathname.slice(PATH.length)) : undefined
  if (text === undefined)
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such template.\n')
  else response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(text)
}
