/** AWS profiles for an embedded cloud, in files of its own: the user's are not touched. */
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cloud } from '../cloud/index.ts'

export interface Profiles {
  readonly configFile: string
  readonly credentialsFile: string
  /** Profile names: account numbers, and the names that the fleet file here uses. */
  readonly profiles: readonly string[]
}

/** An account with the profile names that lead to it. */
export interface ProfiledAccount {
  readonly account: string
  readonly names: readonly string[]
  readonly region: string
}

const DEFAULT_ACCOUNTS = ['111111111111', '222222222222', '333333333333', '444444444444']
const DEFAULT_REGION = 'us-east-1'

/** Gives the accounts of the fleet file in this folder, or four of which every example can make use. */
export async function accountsForProfiles(): Promise<(string | ProfiledAccount)[]> {
  // The fleet reader is large; a cloud that is started elsewhere should not wait for it.
  if (!existsSync('crossdock.yaml') && !existsSync('crossdock.config.ts')) return DEFAULT_ACCOUNTS
  const { accountsOfFleet, loadFleet } = await import('../fleet/index.ts')
  // A fleet file that is missing or wrong is no reason not to run a cloud; the commands that need it will tell.
  const fleet = await loadFleet().catch(() => undefined)
  if (!fleet) return DEFAULT_ACCOUNTS
  const developers = fleet.developers.map((one) => ({ ...one, region: one.home }))
  return [...accountsOfFleet(fleet), ...developers].map(({ name, account, region, profile }) => ({
    account,
    names: [...new Set([profile ?? name, account])],
    region,
  }))
}

/** Writes `aws/config` and `aws/credentials` into the cloud's folder. */
export async function writeProfiles(
  cloud: Cloud,
  accounts: readonly (string | ProfiledAccount)[],
): Promise<Profiles> {
  const folder = join(cloud.folder, 'aws')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const all = accounts.flatMap((one) =>
    typeof one === 'string'
      ? [{ name: one, account: one, region: DEFAULT_REGION }]
      : one.names.map((name) => ({ name, account: one.account, region: one.region })),
  )
  const config = all.map(
    ({ name, region }) =>
      `[profile ${name}]\nregion = ${region}\nendpoint_url = ${cloud.endpoint}\noutput = json\n`,
  )
  const credentials = all.map(
    ({ name, account }) =>
      `[${name}]\naws_access_key_id = ${account}\naws_secret_access_key = ${cloud.secret}\n`,
  )
  const configFile = join(folder, 'config')
  const credentialsFile = join(folder, 'credentials')
  await writeFile(configFile, config.join('\n'), { mode: 0o600 })
  await writeFile(credentialsFile, credentials.join('\n'), { mode: 0o600 })
  return { configFile, credentialsFile, profiles: all.map((one) => one.name) }
}
