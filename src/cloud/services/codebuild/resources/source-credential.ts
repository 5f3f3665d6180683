/** AWS::CodeBuild::SourceCredential. */
import { AwsError } from '../../../../model/index.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'

/** AWS: an import takes the place of what the account had for the type of server, unless it must not. */
async function importCredential(
  { Token, AuthType, ServerType, Username }: Properties,
  shouldOverwrite: boolean,
  rc: ResourceContext,
): Promise<string> {
  const input = {
    token: Token,
    authType: AuthType,
    serverType: ServerType,
    username: Username,
    shouldOverwrite,
  }
  const { arn = '' } = await rc.call('codebuild', 'ImportSourceCredentials', input)
  return arn
}

export const sourceCredential = resourceType({
  type: 'AWS::CodeBuild::SourceCredential',
  create: async (properties, rc) => {
    const arn = await importCredential(properties, false, rc)
    return { physicalId: arn, attributes: { Arn: arn } }
  },
  update: async (physicalId, properties, _previous, rc) => {
    await importCredential(properties, true, rc)
    return { physicalId, attributes: { Arn: physicalId } }
  },
  delete: async (physicalId, _properties, rc) => {
    await rc.call('codebuild', 'DeleteSourceCredentials', { arn: physicalId }).catch((error) => {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error
    })
  },
})
