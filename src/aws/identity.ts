/** Where credentials lead that are no fleet's: the account and region of a profile, or of the default ones. */
import { FleetError, type Target } from '../model/index.ts'
import { embeddedEndpoint } from './endpoint.ts'
import { Patience, type PatienceOptions } from './patience.ts'

export interface IdentityOptions {
  /** Absent: the default credentials. */
  readonly profile?: string | undefined
  /** Absent: the profile's own. */
  readonly region?: string | undefined
  readonly patience?: PatienceOptions
}

/** Gives where credentials lead; undefined where no region is known. Errors: FleetError for those that do not work. */
export async function identityOf({
  profile,
  region,
  patience,
}: IdentityOptions): Promise<Target | undefined> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts')
  const endpoint = embeddedEndpoint()
  const patient = new Patience(patience)
  const sts = new STSClient({
    ...(profile && { profile }),
    ...(region && { region }),
    ...(endpoint && { endpoint }),
    ...patient.configuration,
  })
  sts.middlewareStack.use(patient.plugin({ service: 'STS', region, endpoint }))
  try {
    // A profile that does not exist has no region either; the credentials tell it better.
    await sts.config.credentials()
    const found = await sts.config.region().catch(() => undefined)
    if (found === undefined) return undefined
    const { Account = '' } = await sts.send(new GetCallerIdentityCommand({}))
    return { account: Account, region: found }
  } catch (error) {
    if (error instanceof FleetError || !(error instanceof Error)) throw error
    const whose = profile ? `the profile "${profile}"` : 'the default credentials'
    throw new FleetError(`no access with ${whose}: ${error.message}`, {
      fix: 'sign in, or name a profile: --profile <name>',
    })
  } finally {
    sts.destroy()
  }
}
