/** Runs the real Terraform with HashiCorp's provider for AWS against a test's cloud, offline. */
import { execFile, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'
import { writeProfiles } from '../../../src/cli/cloud-profiles.ts'
import type { Cloud } from '../../../src/cloud/index.ts'
import { pack } from '../../../src/cloud/machine/archive.ts'

const run = promisify(execFile)

const PROVIDER = 'registry.terraform.io/hashicorp/aws'

/** Where the provider may lie: the folder that the variable names, else those that Terraform itself looks into. */
const mirror = [
  process.env.CROSSDOCK_TERRAFORM_PLUGINS,
  join(homedir(), '.terraform.d/plugins'),
  join(process.env.XDG_DATA_HOME ?? join(homedir(), '.local/share'), 'terraform/plugins'),
  '/usr/local/share/terraform/plugins',
  '/usr/share/terraform/plugins',
].find((folder) => folder && existsSync(join(folder, PROVIDER)))

/** Why Terraform cannot be run here; undefined where it can. */
export const missing: string | undefined =
  spawnSync('terraform', ['version']).status !== 0
    ? 'terraform is not installed'
    : mirror
      ? undefined
      : `no ${PROVIDER} in CROSSDOCK_TERRAFORM_PLUGINS or the folders that terraform looks into`

export interface Terraform {
  apply(): Promise<void>
  /** What would change, as Terraform prints it; empty when nothing would. */
  plan(): Promise<string>
  destroy(): Promise<void>
}

/**
 * Takes a folder, which is copied so that state and locks stay out of it, packs its `function/` into `function.zip`, and
 * makes it ready; it goes when the test that asks for it has ended. Its providers name their accounts by the profiles that a cloud writes.
 */
export async function terraformIn(
  source: string,
  cloud: Cloud,
  accounts: Readonly<Record<string, string>>,
): Promise<Terraform> {
  const home = mkdtempSync(join(tmpdir(), 'crossdock-terraform-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const folder = join(home, 'configuration')
  cpSync(resolve(source), folder, { recursive: true })
  const code = join(folder, 'function')
  if (existsSync(code)) writeFileSync(join(folder, 'function.zip'), await packed(code))
  const configuration = join(home, 'terraform.rc')
  writeFileSync(
    configuration,
    `disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror { path = ${JSON.stringify(mirror)} }\n}\n`,
  )
  const profiles = await writeProfiles(
    cloud,
    Object.entries(accounts).map(([profile, account]) => ({
      account,
      names: [profile],
      region: 'us-east-1',
    })),
  )
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    TF_CLI_CONFIG_FILE: configuration,
    TF_IN_AUTOMATION: 'true',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: profiles.configFile,
    AWS_SHARED_CREDENTIALS_FILE: profiles.credentialsFile,
  }
  const terraform = (...words: string[]) =>
    run('terraform', [...words, '-no-color'], { env, cwd: folder, maxBuffer: 64 << 20 }).catch((error) => {
      throw new Error(`terraform ${words[0]}: ${error.stderr || error.stdout}`)
    })
  await terraform('init', '-input=false')
  const going = ['-input=false', '-auto-approve', '-parallelism=30']
  return {
    apply: async () => void (await terraform('apply', ...going)),
    destroy: async () => void (await terraform('destroy', ...going)),
    plan: async () => {
      const { stdout } = await terraform('plan', '-input=false', '-parallelism=30')
      return stdout.includes('No changes.') ? '' : stdout
    },
  }
}

const packed = (folder: string) =>
  pack(readdirSync(folder).map((name) => ({ name, content: readFileSync(join(folder, name)) })))
