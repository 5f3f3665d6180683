/** Web pages in a real Chromium: what those of other origins try on the cloud, and what an allowed application does. */
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import pc from 'picocolors'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Terminal } from '../../../src/cli/terminal.ts'
import { watchRefusals } from '../../../src/cli/view/watch-refusals.ts'
import { type Cloud, startCloud } from '../../../src/cloud/index.ts'
import { gets, posts } from './attacks.ts'
import { hasChromium, launchChromium } from './chromium.ts'
import { servePages } from './page-server.ts'
import { presignedCall } from './presigned-call.ts'

describe.skipIf(!hasChromium)(
  hasChromium ? 'in Chromium' : 'in Chromium, which is not installed here',
  () => {
    let cloud: Cloud
    let browser: Browser
    let context: BrowserContext
    let port: number
    let sns: SNSClient
    let s3: S3Client
    const bugs: unknown[] = []
    const onTerminal: string[] = []

    beforeAll(async () => {
      port = await servePages()
      cloud = await startCloud({
        allowOrigins: [`http://localhost:${port}`],
        onBug: (...bug) => bugs.push(bug),
      })
      const print = (text = '') => void onTerminal.push(text)
      watchRefusals(cloud, { colors: pc.createColors(false), print } as Terminal)
      const credentials = { accessKeyId: '111111111111', secretAccessKey: 'test' }
      const configuration = { endpoint: cloud.endpoint, region: 'us-east-1', credentials }
      sns = new SNSClient(configuration)
      s3 = new S3Client({ ...configuration, forcePathStyle: true })
      browser = await launchChromium()
    }, 120_000)
    afterAll(async () => {
      await browser?.close()
      sns?.destroy()
      s3?.destroy()
      await cloud?.stop()
      expect(bugs).toEqual([])
    })

    beforeEach(async () => {
      context = await browser.newContext()
    })
    afterEach(() => context.close())

    const topics = async () =>
      (await sns.send(new ListTopicsCommand({}))).Topics!.map(({ TopicArn }) => TopicArn!.split(':')[5])

    const createTopic = (name: string, method: string, at = cloud.endpoint) =>
      presignedCall(at, { Action: 'CreateTopic', Name: name }, { method })

    async function visit(address: string): Promise<Page> {
      const page = await context.newPage()
      await page.goto(address)
      return page
    }

    /** Resolves with the words of the next refusal. A page cannot tell when its request has come. */
    const nextRefusal = (): Promise<string> =>
      new Promise((resolve) => {
        const stop = cloud.refusals.listen(({ message }) => {
          stop()
          resolve(message)
        })
      })

    /** Runs JavaScript in a page, and gives its last value. */
    const run = (page: Page, script: string, address: string): Promise<unknown> =>
      page.evaluate(`{ const address = ${JSON.stringify(address)}; ${script} }`)

    const evil = () => `http://evil.example:${port}`

    describe.each([
      ['another site', evil],
      ['another port of this machine', () => `http://127.0.0.1:${port}`],
    ])('a page of %s', (_, origin) => {
      test.each([
        ...Object.entries(gets).map(([name, attack]) => ['GET', name, attack] as const),
        ...Object.entries(posts).map(([name, attack]) => ['POST', name, attack] as const),
      ])('is refused: %s by %s', async (method, _name, attack) => {
        const address = createTopic('planted', method)
        const page = await visit(`${origin()}/`)
        const refusal = nextRefusal()
        await run(page, attack, address)
        expect(await refusal).toContain('A web page')
        expect(await topics()).toEqual([])
      })

      test('reads nothing', async () => {
        const page = await visit(`${origin()}/`)
        const read = (address: string) =>
          page.evaluate((to) => fetch(to).then((answer) => answer.text(), String), address)
        expect(await read(`${cloud.endpoint}/_crossdock/trail`)).toContain('TypeError')
        expect(await read(`${cloud.endpoint}/v2/`)).toContain('TypeError')
        expect(await read(`${cloud.endpoint}/_codeconnections/a/b.git/info/refs`)).toContain('TypeError')
      })
    })

    test('the addresses that were planted are good ones', async () => {
      for (const [name, method] of [
        ['one', 'GET'],
        ['two', 'POST'],
      ] as const) {
        const { status } = await fetch(createTopic(name, method), { method })
        expect(status).toBe(200)
      }
      expect(await topics()).toEqual(['one', 'two'])
    })

    test('a name of an attacker that leads here is refused, also for its own pages', async () => {
      const rebound = cloud.endpoint.replace('127.0.0.1', 'rebound.example')
      const page = await visit(`${rebound}/_crossdock/trail`)
      expect(await page.textContent('body')).toContain('"rebound.example:')
      const before = await topics()
      const status = await page.evaluate(
        (to) => fetch(to, { method: 'POST' }).then((answer) => answer.status),
        createTopic('rebound', 'POST', rebound),
      )
      expect(status).toBe(403)
      expect(await topics()).toEqual(before)
    })

    test('an address that a person opens tells, and changes nothing, wherever it was planted', async () => {
      const page = await visit(`${cloud.endpoint}/_crossdock/health`)
      expect(await page.textContent('body')).toContain('"status":"ok"')
      const before = await topics()
      const typed = createTopic('typed', 'GET')
      expect((await page.goto(typed))?.status()).toBe(403)
      // What a page that was opened by hand redirects to is told by nothing from what was opened by hand.
      const redirected = await page.goto(`${evil()}/to?${encodeURIComponent(typed)}`)
      expect(redirected!.url()).toBe(typed)
      expect(redirected!.status()).toBe(403)
      expect(await topics()).toEqual(before)
    })

    test('a page out of a bucket runs, and is nobody to the cloud', async () => {
      await s3.send(new CreateBucketCommand({ Bucket: 'site' }))
      const script = `fetch(${JSON.stringify(createTopic('from-a-bucket', 'POST'))}, { method: 'POST' })`
      const Body = `<!doctype html><title>ran</title><script>${script}</script>`
      const stored = { Bucket: 'site', Key: 'index.html' }
      await s3.send(new PutObjectCommand({ ...stored, Body, ContentType: 'text/html' }))
      const before = await topics()
      const refusal = nextRefusal()
      const page = await visit(await getSignedUrl(s3, new GetObjectCommand(stored)))
      expect(await page.title()).toBe('ran')
      expect(await refusal).toContain('without an origin')
      expect(await topics()).toEqual(before)
    })

    test('an allowed application calls with the SDK, and reads what it is told', async () => {
      const page = await visit(`http://localhost:${port}/application`)
      const outcome = await page.evaluate(`useCloud('${cloud.endpoint}')`)
      expect(outcome).toEqual({
        topicArn: 'arn:aws:sns:us-east-1:111111111111:from-the-page',
        etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
        metadata: { colour: 'red' },
        text: 'from the page',
        requestId: expect.any(String),
        error: 'NoSuchKey',
        width: 1,
      })
      expect(await topics()).toContain('from-the-page')
    })

    test('the same application under another name does not', async () => {
      const page = await visit(`http://127.0.0.1:${port}/application`)
      await expect(page.evaluate(`useCloud('${cloud.endpoint}')`)).rejects.toThrow('Failed to fetch')
    })

    test('each that was refused is told once on the terminal, with what to do', () => {
      for (const told of [
        `A web page of ${evil()} made this request; pages of other origins are refused.`,
        `A web page of http://127.0.0.1:${port} made this request`,
        'A web page without an origin',
        'A web page of another origin made this request (Sec-Fetch-Site: cross-site)',
        'A web page of another origin made this request (Sec-Fetch-Site: same-site)',
        'The host "rebound.example:',
        'This address was opened in a browser',
      ])
        expect(
          onTerminal.filter((line) => line.includes(told)),
          onTerminal.join('\n'),
        ).toHaveLength(1)
      expect(onTerminal.join()).toContain(`start the cloud with --allow-origin ${evil()}`)
    })
  },
)
