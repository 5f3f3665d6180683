/** Provisioned concurrency as a property of versions and aliases. */
import type { Properties, ResourceContext } from '../../../kernel/resource-type.ts'

/** Milliseconds between looks at concurrency that is not there yet. */
const WAIT = 3

/** Provisions what the properties of a version or an alias ask for, and waits for it. */
export async function provision(
  rc: ResourceContext,
  FunctionName: string,
  Qualifier: string,
  { ProvisionedConcurrencyConfig: config }: Properties,
): Promise<void> {
  if (!config) return
  const at = { FunctionName, Qualifier }
  const { ProvisionedConcurrentExecutions } = config
  await rc.call('lambda', 'PutProvisionedConcurrencyConfig', { ...at, ProvisionedConcurrentExecutions })
  while ((await rc.call('lambda', 'GetProvisionedConcurrencyConfig', at)).Status === 'IN_PROGRESS')
    await rc.clock.sleep(WAIT)
}
