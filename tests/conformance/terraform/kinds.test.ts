/** Every kind of resource that pipelines are made of, in Terraform: applied, unchanged when planned again, destroyed. */
import { expect, test } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'
import { missing, terraformIn } from './terraform.ts'

const { cloud } = await startTestCloud()

test.skipIf(missing)(
  `applies, plans nothing, destroys${missing ? ` (skipped: ${missing})` : ''}`,
  async () => {
    const terraform = await terraformIn('tests/conformance/terraform/kinds', cloud, { build: HUB })
    await terraform.apply()
    expect(await terraform.plan()).toBe('')
    await terraform.destroy()
  },
  480_000,
)
