/** Who is let in, as tables: hosts, origins, and what browsers say of where a request comes from. */
import { describe, expect, test } from 'vitest'
import { services } from '../../services/index.ts'
import { Addressees } from '../addressees.ts'
import { type Admission, admit } from './admit.ts'
import { knockOf } from './knock.ts'
import { readOrigin } from './web-origin.ts'

const APP = 'http://localhost:3000'
const CHROMIUM =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36'

type Headers = Readonly<Record<string, string | readonly string[]>>

/** Knocks at 127.0.0.1:4566 unless the headers say another host; the application at localhost:3000 is allowed. */
function knock(headers: Headers, { method = 'GET', url = '/', allowed = [APP] } = {}): Admission {
  const all: Headers = { Host: '127.0.0.1:4566', ...headers }
  const rawHeaders = Object.entries(all).flatMap(([name, value]) =>
    [value].flat().flatMap((one) => [name, one]),
  )
  return admit(knockOf({ method, url, rawHeaders }), new Set(allowed), new Addressees(services))
}

const refusal = (...given: Parameters<typeof knock>) => knock(...given).refused?.message

describe('a host', () => {
  test.each([
    '127.0.0.1',
    '127.0.0.1:4566',
    '127.0.0.1.',
    '127.8.9.10:80',
    'localhost',
    'localhost:4566',
    'LOCALHOST:4566',
    'localhost.',
    'localhost.:4566',
    'bucket.localhost:4566',
    'my.bucket.s3.localhost',
    'my_bucket.s3.us-east-1.localhost:4566',
    'bucket.127.0.0.1:4566',
    '[::1]',
    '[::1]:4566',
    '[0:0:0:0:0:0:0:1]:4566',
    '[::ffff:127.0.0.1]:4566',
    '[::FFFF:7f00:1]',
    'sts.amazonaws.com',
    'STS.us-east-1.amazonaws.com.:80',
    'bucket.s3.eu-west-1.amazonaws.com',
    's3.cn-north-1.amazonaws.com.cn',
    'lambda.us-east-1.api.aws',
    '111111111111.dkr.ecr.us-east-1.amazonaws.com:4566',
  ])('%s is let in', (host) => {
    expect(knock({ Host: host })).toEqual({ target: '/' })
  })

  test.each([
    '',
    'evil.example',
    'evil.example:4566',
    'evil.example.',
    '127.0.0.1.evil.example',
    '127.0.0.1.nip.io:4566',
    'localhost.evil.example',
    'notlocalhost',
    'evil.example#.localhost',
    'evil.example/.localhost',
    'user@localhost',
    'localhost:4566:1',
    'localhost:x',
    'localhost..',
    '.localhost',
    'localhost, localhost',
    '128.0.0.1',
    '10.0.0.1',
    '0.0.0.0:4566',
    '127.1',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '2130706433',
    '127.0.0.256',
    '::1',
    '[::]',
    '[::2]:4566',
    '[fe80::1]',
    '[::ffff:10.0.0.1]',
    '[::1].evil.example',
    '[127.0.0.1]',
    'amazonaws.com.evil.example',
    'evilamazonaws.com',
    'evil-api.aws',
    'evil.aws',
    'amazonaws.com.ru',
    'lócalhost',
  ])('%s is refused', (host) => {
    expect(refusal({ Host: host })).toMatch(/^The host ".*" is not this machine/)
  })

  test('is named once, and in words that a terminal can show', () => {
    expect(refusal({ Host: ['127.0.0.1', 'evil.example'] })).toContain('"evil.example"')
    expect(refusal({ Host: ['evil.example', '127.0.0.1'] })).toContain('"evil.example"')
    expect(refusal({ Host: ['127.0.0.1:4566', 'localhost:4566'] })).toContain('several hosts')
    expect(refusal({ Host: [] })).toContain('does not say which host')
    expect(refusal({ Host: `\u009b31m${'x'.repeat(5000)}` })).toMatch(/^The host "\?31mx{1,200}…" is not/)
  })

  test.each([
    ['http://127.0.0.1:4566/b/k?x=1', '127.0.0.1:4566', '/b/k?x=1'],
    ['http://S3.amazonaws.com/b', 's3.amazonaws.com:80', '/b'],
    ['http://localhost:4566', 'localhost:4566', '/'],
    ['http://localhost:4566?list-type=2', 'localhost:4566', '/?list-type=2'],
    ['/b/http://evil.example/', 'localhost', '/b/http://evil.example/'],
    ['*', 'localhost', '*'],
  ])('the target %s is read without it', (url, host, target) => {
    expect(knock({ Host: host }, { url })).toEqual({ target })
  })

  test.each([
    ['http://evil.example/', '127.0.0.1:4566'],
    ['http://127.0.0.1:4566/', 'evil.example'],
    ['http://localhost:4566/', '127.0.0.1:4566'],
    ['http://evil.example@127.0.0.1:4566/', '127.0.0.1:4566'],
    ['HTTP://EVIL.EXAMPLE', '127.0.0.1:4566'],
    ['ftp://evil.example/', '127.0.0.1:4566'],
  ])('the target %s at %s is refused', (url, host) => {
    expect(refusal({ Host: host }, { url })).toMatch(/not this machine|several hosts/)
  })

  test('of a tunnel is its target', () => {
    expect(refusal({ Host: 'localhost' }, { method: 'CONNECT', url: 'evil.example:443' })).toContain(
      'evil.example',
    )
    expect(
      refusal({ Host: 'sts.amazonaws.com:443' }, { method: 'CONNECT', url: 'sts.amazonaws.com:443' }),
    ).toBe(undefined)
  })
})

describe('an origin', () => {
  test.each([
    ['127.0.0.1:4566', 'http://127.0.0.1:4566'],
    ['localhost', 'http://localhost'],
    ['LOCALHOST:80', 'http://localhost'],
    ['b.localhost:4566', 'http://b.localhost:4566'],
    ['[::1]:4566', 'http://[::1]:4566'],
  ])("at %s is the cloud's own: %s", (Host, Origin) => {
    expect(knock({ Host, Origin }, { method: 'POST' })).toEqual({ target: '/' })
    expect(knock({ Host, Origin, 'Sec-Fetch-Site': 'same-origin' }, { method: 'POST' })).toEqual({
      target: '/',
    })
    expect(refusal({ Host, Origin, 'Sec-Fetch-Site': 'cross-site' })).toContain('cross-site')
  })

  test.each([
    'null',
    'https://evil.example',
    'http://127.0.0.1',
    'http://127.0.0.1:3000',
    'http://localhost:4566',
    'https://127.0.0.1:4566',
    'http://127.0.0.1:4566.evil.example',
    'http://localhost:3000.evil.example',
    'http://localhost:30001',
    'https://localhost:3000',
    'chrome-extension://abcdefgh',
    'file://',
    '',
  ])('%s is foreign', (Origin) => {
    for (const method of ['GET', 'POST', 'OPTIONS', 'PUT'])
      expect(refusal({ Origin, 'Sec-Fetch-Site': 'same-origin' }, { method })).toMatch(/web page/)
  })

  test('is one', () => {
    expect(refusal({ Origin: [APP, 'http://evil.example'] })).toContain('evil.example')
    expect(refusal({ Origin: ['http://evil.example', APP] })).toContain('evil.example')
    expect(refusal({ Origin: `${APP}, http://evil.example` })).toContain('evil.example')
  })

  test("is foreign where the host is AWS's: others can serve pages there", () => {
    const Host = 'sts.amazonaws.com'
    expect(refusal({ Host, Origin: 'http://sts.amazonaws.com' })).toContain(
      'web page of http://sts.amazonaws.com',
    )
  })

  test('that is allowed by name is let in wherever it calls', () => {
    const admitted = { target: '/', origin: APP }
    for (const site of ['cross-site', 'same-site'])
      for (const method of ['GET', 'POST', 'OPTIONS', 'PUT', 'DELETE'])
        expect(knock({ Origin: APP, 'Sec-Fetch-Site': site, 'User-Agent': CHROMIUM }, { method })).toEqual(
          admitted,
        )
    expect(refusal({ Origin: APP, Host: 'evil.example' })).toContain('evil.example')
    expect(refusal({ Origin: APP }, { allowed: [] })).toMatch(/pages of other origins are refused/)
    expect(knock({ Origin: APP }, { allowed: [] }).refused?.fix).toContain(`--allow-origin ${APP}`)
  })

  test('of an allowed page is told by the referer of its images and links, and of nothing else', () => {
    const site = { 'Sec-Fetch-Site': 'cross-site' }
    expect(knock({ ...site, Referer: `${APP}/` })).toEqual({ target: '/', origin: APP })
    expect(refusal({ ...site, Referer: `${APP}/` }, { method: 'POST' })).toContain('A web page of')
    expect(refusal({ ...site, Referer: `${APP}.evil.example/` })).toContain('A web page of')
    expect(refusal({ ...site, Referer: `http://evil.example/${APP}/` })).toContain('A web page of')
    expect(refusal({ ...site, Referer: `${APP}/`, Origin: 'null' })).toContain('without an origin')
    expect(refusal({ ...site, Referer: 'http://127.0.0.1:4566/' })).toContain('A web page of')
  })
})

describe('what a browser says of where a request comes from', () => {
  test.each(['cross-site', 'same-site', 'Same-Origin', 'other', '', 'same-origin, cross-site'])(
    'refuses %j',
    (site) => {
      for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS'])
        expect(refusal({ 'Sec-Fetch-Site': site }, { method })).toContain('another origin')
    },
  )

  test.each([
    ['GET', '/_crossdock/health'],
    ['GET', '/_crossdock/trail?denied'],
    ['HEAD', '/bucket/key'],
    ['GET', '/bucket/key?X-Amz-Credential=a%2F20260101%2Fus-east-1%2Fs3%2Faws4_request'],
    ['GET', '/_sns/confirm?TopicArn=arn&Token=x'],
    ['GET', '/_lambda/code/00?until=1&signature=0'],
  ])('lets a person open %s %s', (method, url) => {
    const headers = { 'Sec-Fetch-Site': 'none', 'User-Agent': CHROMIUM }
    expect(knock(headers, { method, url })).toEqual({ target: url })
  })

  test.each([
    ['POST', '/'],
    ['PUT', '/bucket/key'],
    ['DELETE', '/bucket'],
    ['OPTIONS', '/bucket'],
    ['GET', '/?Action=CreateStack&X-Amz-Credential=a'],
    ['GET', '/?X-Amz-Credential=a&%41ction=CreateStack'],
    ['GET', '/any/path?a?b&Action=CreateTopic'],
    ['GET', 'http://127.0.0.1:4566/?Action=CreateTopic'],
    ['GET', '/_codeconnections/a/b/info/refs?service=git-receive-pack'],
    ['GET', '/v2/'],
    ['GET', '/v2?x'],
  ])('lets nobody open %s %s, which may be planted and may change things', (method, url) => {
    const headers = { 'Sec-Fetch-Site': 'none', 'User-Agent': CHROMIUM }
    expect(refusal(headers, { method, url })).toContain('opened in a browser')
  })

  test("is nothing under AWS's names, where no browser is let in", () => {
    const Host = 'bucket.s3.amazonaws.com'
    expect(refusal({ Host, 'Sec-Fetch-Site': 'same-origin' })).toContain("under a name of AWS's")
    expect(refusal({ Host, 'Sec-Fetch-Site': 'none' })).toContain("under a name of AWS's")
    expect(refusal({ Host, 'User-Agent': CHROMIUM })).toContain('does not say which page')
  })

  test('is missed in a browser, and not in other clients', () => {
    expect(refusal({ 'User-Agent': CHROMIUM })).toContain('does not say which page')
    expect(refusal({ 'User-Agent': 'Mozilla/4.0 (compatible; ms-office)' })).toContain(
      'does not say which page',
    )
    for (const agent of [
      'aws-cli/2.9.19 Python/3.11.2',
      'aws-sdk-js/3.1169.0 ua/2.1 os/linux lang/js md/nodejs#20.20.2',
      'git/2.39.5',
      'containers/5.24.1 (github.com/containers/image)',
      'docker/27 go/1.22 Mozilla/5.0',
      'Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.1',
    ])
      expect(knock({ 'User-Agent': agent }, { method: 'POST' })).toEqual({ target: '/' })
  })
})

test('header names that every object has are names like others', () => {
  expect(knock({ ['__proto__']: 'x', constructor: 'y' })).toEqual({ target: '/' })
})

test.each([
  ['http://localhost:3000', 'http://localhost:3000'],
  ['http://localhost:3000/', 'http://localhost:3000'],
  ['HTTP://LocalHost:80', 'http://localhost'],
  ['https://app.example', 'https://app.example'],
  ['http://[::1]:3000', 'http://[::1]:3000'],
  ['tauri://localhost', 'tauri://localhost'],
  ['http://localhost:3000/app', undefined],
  ['http://localhost:3000?', undefined],
  ['http://user@localhost', undefined],
  ['http://*.example', undefined],
  ['http://a.example,http://b.example', undefined],
  ['http://a.example http://b.example', undefined],
  ['localhost:3000', undefined],
  ['file:///', undefined],
  ['null', undefined],
  ['*', undefined],
  ['', undefined],
])('the origin that %j names is %s', (text, expected) => {
  expect(readOrigin(text)).toBe(expected)
})
