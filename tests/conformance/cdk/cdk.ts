/**
 * Runs the CDK's own CLI against a test's cloud. It is looked for in the folder that `CROSSDOCK_CDK` names, where
 * `npm install aws-cdk aws-cdk-lib constructs cdk-assets @aws-sdk/client-sfn` has put it; tests skip without it.
 */
import { execFile } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll } from 'vitest'
import { DEV, HUB, type TestCloud } from '../cloud.ts'

const run = promisify(execFile)

const packages = process.env.CROSSDOCK_CDK ?? ''
const modules = join(packages, 'node_modules')
export const hasCdk = ['aws-cdk', 'aws-cdk-lib', 'constructs', 'cdk-assets', '@aws-sdk/client-sfn'].every(
  (name) => packages !== '' && existsSync(join(modules, name)),
)

export interface Cdk {
  /** The application's folder; removed after the file's tests. */
  readonly folder: string
  /** Writes files of the application. */
  write(files: Readonly<Record<string, string>>): void
  /** Runs `cdk …` as a user of the hub who may do everything there; gives what it prints. */
  cdk(...words: string[]): Promise<string>
  /** Bootstraps the hub, and an account that trusts it. */
  bootstrap(): Promise<void>
}

/**
 * The cloud finds the SDK of functions beside the CDK, and builds find its commands where `npm install -g` would put
 * them: nothing is installed by a test.
 */
export function driveCdk(test: TestCloud): Cdk {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'crossdock-cdk-')))
  const bin = join(folder, 'bin')
  const before = { cwd: process.cwd(), path: process.env.PATH ?? '' }
  let keys: { AccessKeyId?: string; SecretAccessKey?: string } = {}
  beforeAll(async () => {
    makeCommands(bin)
    process.chdir(packages)
    process.env.PATH = [bin, before.path].join(delimiter)
    keys = await makeUser(test)
  })
  afterAll(() => {
    process.chdir(before.cwd)
    process.env.PATH = before.path
    rmSync(folder, { recursive: true, force: true })
  })
  const cdkAs = async (credentials: object, words: readonly string[]) => {
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      NODE_PATH: modules,
      AWS_ENDPOINT_URL: test.cloud.endpoint,
      AWS_REGION: 'us-east-1',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CI: '1',
      ...credentials,
    }
    const { stdout, stderr } = await run(join(modules, '.bin', 'cdk'), ['--no-notices', ...words], {
      env,
      cwd: folder,
      maxBuffer: 64 * 1024 * 1024,
    })
    return stdout + stderr
  }
  const cdk = (...words: string[]) =>
    cdkAs({ AWS_ACCESS_KEY_ID: keys.AccessKeyId, AWS_SECRET_ACCESS_KEY: keys.SecretAccessKey }, words)
  return {
    folder,
    cdk,
    write: (files) => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true })
        writeFileSync(join(folder, name), text)
      }
    },
    bootstrap: async () => {
      await cdk('bootstrap', `aws://${HUB}/us-east-1`)
      await cdkAs({ AWS_ACCESS_KEY_ID: DEV, AWS_SECRET_ACCESS_KEY: 'test' }, [
        ...['bootstrap', `aws://${DEV}/us-east-1`, '--trust', HUB],
        ...['--cloudformation-execution-policies', 'arn:aws:iam::aws:policy/AdministratorAccess'],
      ])
    },
  }
}

function makeCommands(bin: string): void {
  mkdirSync(bin, { recursive: true })
  script(join(bin, 'npm'), 'echo "npm $*"')
  symlinkSync(join(modules, '.bin', 'cdk'), join(bin, 'cdk'))
  // npm's newest may be behind the library, whose manifests say the same in a version that it does not know yet.
  script(
    join(bin, 'cdk-assets'),
    `sed -i 's/"version": *"[0-9]*[.]/"version":"50./' "$2" && exec ${join(modules, '.bin', 'cdk-assets')} "$@"`,
  )
}

function script(path: string, line: string): void {
  writeFileSync(path, `#!/bin/sh\n${line}\n`)
  chmodSync(path, 0o755)
}

/** AWS: nobody assumes roles as the root user, so the CDK needs somebody else. */
async function makeUser(test: TestCloud) {
  const iam = test.client(IAMClient)
  const UserName = 'developer'
  await iam.send(new CreateUserCommand({ UserName }))
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  return AccessKey ?? {}
}
