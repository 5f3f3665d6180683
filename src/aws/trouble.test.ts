import { describe, expect, test } from 'vitest'
import { troubleOf, troubleOfSuccess } from './trouble.ts'

const thrown = (more: object, name = 'Error', message = 'said') =>
  Object.assign(new Error(message), { name, ...more })
const answered = (httpStatusCode: number, more: object = {}) => ({
  $fault: 'client',
  $metadata: { httpStatusCode, requestId: 'r', ...more },
})

describe('throttling', () => {
  test.each([
    'Throttling',
    'ThrottlingException',
    'TooManyRequestsException',
    'SlowDown',
    'RequestLimitExceeded',
  ])('is %s', (name) => {
    const trouble = troubleOf(thrown(answered(400), name, 'Rate exceeded'))
    expect(trouble).toEqual({ kind: 'throttled', words: 'throttles: Rate exceeded', retryAfter: undefined })
  })

  test('is any 429, and says how long to wait: a minute at most', () => {
    const of = (seconds: string) =>
      troubleOf(thrown({ $response: { statusCode: 429, headers: { 'retry-after': seconds } } }))
    expect(of('7')).toEqual({ kind: 'throttled', words: 'throttles: HTTP 429', retryAfter: 7000 })
    expect(of('3600')?.retryAfter).toBe(60_000)
    expect(of('soon')?.retryAfter).toBeUndefined()
  })

  test('is no full quota: waiting does not help there', () => {
    expect(troubleOf(thrown(answered(400), 'LimitExceededException'))).toBeUndefined()
  })
})

describe('no answer', () => {
  test.each([
    ['ECONNREFUSED', 'nothing listens', true],
    ['ENOTFOUND', 'there is no host of that name', true],
    ['ECONNRESET', 'the connection breaks', false],
    ['ETIMEDOUT', 'no connection comes about', false],
  ])('is %s: %s', (code, words, absent) => {
    const trouble = { kind: 'unanswered', words: `does not answer: ${words}`, absent }
    expect(troubleOf(thrown({ code }))).toEqual(trouble)
    expect(troubleOf(thrown({ cause: { code } }))).toEqual(trouble)
  })

  test('is silence', () => {
    expect(troubleOf(thrown({}, 'TimeoutError'))?.words).toBe('does not answer: it stays silent')
  })

  test.each([500, 502, 503, 504])("is a server's %d", (status) => {
    expect(troubleOf(thrown(answered(status), 'ServiceException'))).toMatchObject({
      kind: 'unanswered',
      words: 'fails: said',
    })
    const unread = thrown(answered(status), 'Unknown', 'UnknownError')
    expect(troubleOf(unread)?.words).toBe(`fails: HTTP ${status}`)
  })

  test('is an answer that is cut short', () => {
    const cut = { kind: 'unanswered', words: 'does not answer: its answer is cut short' }
    expect(troubleOf(thrown({ $metadata: { httpStatusCode: 200 } }, 'SyntaxError'))).toEqual(cut)
    expect(troubleOf(thrown({ $metadata: { httpStatusCode: 400, requestId: 'r' } }))).toEqual(cut)
    expect(troubleOfSuccess({ requestId: 'r', length: '0', query: true })).toEqual(cut)
  })
})

describe('a stranger', () => {
  test.each([
    ['EPROTO', 'it does not speak TLS'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'it does not speak TLS'],
    ['HPE_INVALID_CONSTANT', 'it does not speak HTTP'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is not trusted'],
  ])('is told by %s', (code, words) => {
    expect(troubleOf(thrown({ code }))).toEqual({
      kind: 'stranger',
      words: `does not answer: ${words} (${code})`,
    })
  })

  test('answers what AWS never does', () => {
    const page = thrown({ $response: { statusCode: 403 }, $metadata: {} })
    expect(troubleOf(page)).toEqual({ kind: 'stranger', words: 'does not answer as AWS does: HTTP 403' })
    const nameless = { requestId: undefined, length: undefined, query: false }
    expect(troubleOfSuccess(nameless)).toMatchObject({ kind: 'stranger' })
  })
})

test('what AWS means to answer is no trouble, nor is what no call threw', () => {
  expect(troubleOf(thrown(answered(403), 'AccessDenied'))).toBeUndefined()
  expect(troubleOf(thrown({}))).toBeUndefined()
  expect(troubleOf('text')).toBeUndefined()
  expect(troubleOfSuccess({ requestId: 'r', length: '0', query: false })).toBeUndefined()
  expect(troubleOfSuccess({ requestId: 'r', length: '5', query: true })).toBeUndefined()
})
