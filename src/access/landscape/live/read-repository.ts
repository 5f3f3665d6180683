/** Reads the policy of an image repository of ECR. */
import { type Arn, parseArn, resourcePolicyOf } from '../../../model/index.ts'
import { originOf } from './origin-of.ts'
import type { Reading } from './reading.ts'

/** Reads a repository's policy into the reading, once. A repository that is not there is a finding. */
export function readRepository(reading: Reading, arn: Arn): Promise<void> {
  return reading.once(`repository ${arn}`, async () => {
    const { account = '', region = '', resource = '' } = parseArn(arn) ?? {}
    const target = { account, region }
    const name = resource.replace(/^repository\//, '')
    const { ECRClient, GetRepositoryPolicyCommand } = await import('@aws-sdk/client-ecr')
    const answer = await reading.ask({ what: `the repository policy of ${arn}`, arn, target }, async () => {
      const client = await reading.client(ECRClient, target)
      const asked = new GetRepositoryPolicyCommand({ registryId: account, repositoryName: name })
      return client.send(asked).catch((error: Error) => {
        // AWS: a repository without a policy answers so; it is in use by its own account only.
        if (error.name === 'RepositoryPolicyNotFoundException') return { policyText: undefined }
        throw error
      })
    })
    if ('absent' in answer) {
      reading.absent.add(arn)
      reading.findings.push({
        rule: 'image-repository-does-not-exist',
        severity: 'error',
        message: `there is no image repository ${name} in account ${account}, ${region}`,
        fix: 'make it there, or name the account, region and repository that is meant',
      })
    }
    if (!('found' in answer)) return
    const origin = await originOf(reading, target, { physicalId: name, type: 'AWS::ECR::Repository' })
    const policy = reading.policy(answer.found.policyText, resourcePolicyOf(arn), origin)
    if (policy) reading.resourcePolicies.set(arn, policy)
    else reading.withoutPolicy.set(arn, origin)
  })
}
