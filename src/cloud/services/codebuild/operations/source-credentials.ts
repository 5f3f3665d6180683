/** What an account signs in with at source providers, where a project does not say: imported, listed, deleted. */
import { AwsError, formatArn, parseArn } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { invalid } from '../engine/refusals.ts'
import { type SourceCredential, sourceCredentials } from '../state.ts'

/** Kinds whose token is the ARN of something else. */
const REFERENCES: Readonly<Record<string, readonly string[]>> = {
  CODECONNECTIONS: ['codeconnections', 'codestar-connections'],
  SECRETS_MANAGER: ['secretsmanager'],
}

/**
 * AWS: one for each type of server; another takes the place of the one before, unless shouldOverwrite is false.
 * Errors: ResourceAlreadyExistsException, InvalidInputException.
 */
export const ImportSourceCredentials = operation({
  service: 'codebuild',
  name: 'ImportSourceCredentials',
  access: () => [{ action: 'codebuild:ImportSourceCredentials', resource: '*' }],
  run: (input, ctx) => {
    const { serverType, authType, token, shouldOverwrite = true } = input
    // A user name belongs to a basic sign-in, which the local repositories do not ask for.
    if (authType !== 'BASIC_AUTH') refuseUnsupported(input, ['username'])
    const services = REFERENCES[authType]
    const { service = '' } = parseArn(token) ?? {}
    if (services && !services.includes(service))
      throw invalid(
        `Invalid token: for the auth type ${authType} it is the ARN of a resource of ${services[0]}`,
      )
    const table = ctx.table(sourceCredentials)
    if (!shouldOverwrite && table.has(serverType))
      throw new AwsError(
        'ResourceAlreadyExistsException',
        `Source credentials already exist for the server type ${serverType}`,
      )
    const arn = formatArn('codebuild', ctx.region, ctx.account, `token/${serverType.toLowerCase()}`)
    const credential: SourceCredential = { arn, serverType, authType, ...(services && { resource: token }) }
    table.put(serverType, credential)
    return { arn }
  },
})

export const ListSourceCredentials = operation({
  service: 'codebuild',
  name: 'ListSourceCredentials',
  access: () => [{ action: 'codebuild:ListSourceCredentials', resource: '*' }],
  run: (_input, ctx) => ({
    sourceCredentialsInfos: ctx
      .table(sourceCredentials)
      .values()
      .map(({ arn, serverType, authType, resource }) => ({
        arn,
        serverType: serverType as 'GITHUB',
        authType: authType as 'OAUTH',
        ...(resource && { resource }),
      })),
  }),
})

/** Errors: ResourceNotFoundException. */
export const DeleteSourceCredentials = operation({
  service: 'codebuild',
  name: 'DeleteSourceCredentials',
  access: () => [{ action: 'codebuild:DeleteSourceCredentials', resource: '*' }],
  run: ({ arn }, ctx) => {
    const table = ctx.table(sourceCredentials)
    const found = table.values().find((one) => one.arn === arn)
    if (!found) throw new AwsError('ResourceNotFoundException', `Source credentials cannot be found: ${arn}`)
    table.delete(found.serverType)
    return { arn }
  },
})
