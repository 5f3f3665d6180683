/** Documents out of buckets: shown in a browser without the origin of the cloud, which would let their scripts in. */
import type { IncomingMessage } from 'node:http'
import type { WireResponse } from '../../protocols/index.ts'

/** Only what is asked for by a browser says so. Chromium shows no PDF in a sandbox, and a PDF has no origin. */
export function withoutOrigin(request: IncomingMessage, answer: WireResponse): WireResponse {
  if (!request.headers['sec-fetch-dest'] || /^application\/pdf\b/i.test(answer.headers['content-type'] ?? ''))
    return answer
  return { ...answer, headers: { ...answer.headers, 'content-security-policy': 'sandbox allow-scripts' } }
}
