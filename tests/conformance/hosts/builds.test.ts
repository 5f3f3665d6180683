/** Commands of a build reach the cloud under AWS's own host names, each client by its own settings. */
import { spawnSync } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { buildspec, openBuilder, printed } from '../codebuild/builder.ts'

const builder = await openBuilder()
const works = (command: string, ...words: string[]) => spawnSync(command, words).status === 0
const CALLER = /arn:aws:sts::111111111111:assumed-role\/builder\/AWSCodeBuild-/

/** Gives what the commands printed. */
async function run(name: string, commands: string[], more: object = {}): Promise<string> {
  const { build, log } = await builder.once(name, buildspec({ build: commands }, more))
  expect(build.buildStatus, log).toBe('SUCCEEDED')
  // Without the commands themselves, which may be several lines.
  return printed(log)
    .slice(commands.join('\n').split('\n').length - commands.length)
    .join('\n')
}

test.skipIf(!works('aws', '--version'))(
  'the aws CLI (skipped: not installed)',
  async () => {
    const call = 'sts get-caller-identity --query Arn --output text'
    const text = await run('cli', [
      `aws --endpoint-url https://sts.us-east-1.amazonaws.com ${call}`,
      'unset AWS_ENDPOINT_URL',
      `aws ${call}`,
      `aws --endpoint-url https://sts.amazonaws.com ${call}`,
    ])
    const arns = text.split('\n')
    expect(arns).toHaveLength(3)
    for (const arn of arns) expect(arn).toMatch(CALLER)
  },
  60_000,
)

test.skipIf(!works('curl', '--version'))('curl (skipped: not installed)', async () => {
  const text = await run('curl', [
    'curl -sS "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity"; echo',
    `curl -sS https://nobody.s3.eu-west-1.amazonaws.com/ -X PUT; echo`,
  ])
  expect(text).toContain('<Code>MissingAuthenticationToken</Code>')
  expect(text).toContain('<Code>AccessDenied</Code>')
})

test('Node: https, fetch, an agent of its own, workers', async () => {
  const source = `
    const https = require('node:https')
    const { Worker } = require('node:worker_threads')
    const url = 'https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity'
    const get = (options) => new Promise((resolve, reject) =>
      https.get(url, options, (response) => resolve(response.statusCode)).on('error', reject))
    const main = async () => {
      console.log('https', await get({}))
      console.log('agent', await get({ agent: new https.Agent({ keepAlive: true, ca: 'none' }) }))
      console.log('fetch', (await fetch(url)).status)
      new Worker("fetch('" + url + "').then((one) => console.log('worker', one.status))", { eval: true })
        .on('exit', () => process.exit())
    }
    main()`
  const text = await run('node', [
    `node -e ${JSON.stringify(source).replaceAll('$', '\\$').replaceAll('\\n', '\n')}`,
  ])
  expect(text.split('\n').sort()).toEqual(['agent 403', 'fetch 403', 'https 403', 'worker 403'])
})

test.skipIf(!works('python3', '-c', 'import boto3'))(
  'Python: urllib and boto3 (skipped: no boto3)',
  async () => {
    const source = [
      'import boto3',
      'from urllib.request import urlopen',
      'from urllib.error import HTTPError',
      'print(boto3.client("sts", endpoint_url="https://sts.us-east-1.amazonaws.com").get_caller_identity()["Arn"])',
      'try: urlopen("https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity")',
      'except HTTPError as error: print(error.code)',
    ].join('\n')
    const [arn, status] = (await run('python', [`python3 -c '${source}'`])).split('\n')
    expect([arn, status]).toEqual([expect.stringMatching(CALLER), '403'])
  },
  60_000,
)

test.skipIf(!works('python3', '-c', ''))(
  'Python: http.client, beside the modules of a project (skipped: no python3)',
  async () => {
    const source = [
      'from http.client import HTTPSConnection',
      'connection = HTTPSConnection("sts.us-east-1.amazonaws.com")',
      'connection.request("GET", "/?Action=GetCallerIdentity")',
      'import own',
      'print(connection.getresponse().status, own.text)',
    ].join('\n')
    const text = await run(
      'http-client',
      ['mkdir -p modules', `echo 'text = "own"' > modules/own.py`, `python3 -c '${source}'`],
      { env: { variables: { PYTHONPATH: 'modules' } } },
    )
    expect(text).toBe('403 own')
  },
  60_000,
)

test.skipIf(!works('python3', '-c', ''))(
  "Python: the site's own module still runs (skipped: no python3)",
  async () => {
    const text = await run('site', [
      'mkdir -p site',
      `echo 'print("site")' > site/sitecustomize.py`,
      `PYTHONPATH="$PYTHONPATH:site" python3 -c 'print("done")'`,
    ])
    expect(text).toBe('site\ndone')
  },
)

test('options for Node of a project stand beside the preload', async () => {
  const variables = { NODE_OPTIONS: '--max-old-space-size=333' }
  const text = await run(
    'options',
    [
      `node -e "fetch('https://sts.us-east-1.amazonaws.com/?Action=x').then((one) => console.log(one.status, require('node:v8').getHeapStatistics().heap_size_limit < 600e6))"`,
    ],
    { env: { variables } },
  )
  expect(text).toMatch(/^\d{3} true$/)
})

const elsewhere: Server = createServer((_, response) => response.end('elsewhere'))
afterAll(() => elsewhere.close())

test.skipIf(!works('curl', '--version'))(
  'hosts of nobody in particular are reached as ever (skipped: no curl)',
  async () => {
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const { port } = elsewhere.address() as AddressInfo
    const text = await run('elsewhere', [
      `curl -sS http://127.0.0.1:${port}; echo`,
      // Through a tunnel of the cloud's.
      `curl -sS --noproxy "" -x "$HTTPS_PROXY" -p http://127.0.0.1:${port}; echo`,
    ])
    expect(text.split('\n')).toEqual(['elsewhere', 'elsewhere'])
  },
)
