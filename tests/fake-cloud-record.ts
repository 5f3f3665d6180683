/** What an embedded cloud answers of its denials, without one: `fetch` answers so until the test has ended. */
import { type Mock, onTestFinished, vi } from 'vitest'

export const ENDPOINT = 'http://127.0.0.1:4566'

/** One line of the record: what was denied in the course of an action. */
export const deniedIn = (cause: string, more: object = {}): object => ({
  cause,
  principal: 'arn:aws:iam::222222222222:role/deploy',
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::drops/app.zip',
  message: 'User: deploy is not authorized to perform: s3:GetObject',
  saidNo: 'identity policy of arn:aws:iam::222222222222:role/deploy',
  close: [],
  remedies: [],
  ...more,
})

/** Has the cloud answer with these lines: objects as JSON, text as it is. Gives who asked. */
export function recordOf(lines: readonly (object | string)[], status = 200): Mock {
  const text = lines.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join('')
  const asked = vi.fn(async (_url: string) => new Response(text, { status }))
  vi.stubGlobal('fetch', asked)
  onTestFinished(() => void vi.unstubAllGlobals())
  return asked
}
