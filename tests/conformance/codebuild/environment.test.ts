/** The environment of a build: which value wins, secrets, and what stays out of the log. */
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildspec, environment, failureOf, HUB, openBuilder, printed } from './builder.ts'

const builder = await openBuilder()
const KEY = '-----BEGIN KEY-----\nfirst-line-of-it\nsecond-line-of-it\n-----END KEY-----'
let reader: string

beforeAll(async () => {
  const ssm = builder.client(SSMClient)
  await ssm.send(new PutParameterCommand({ Name: '/ci/token', Value: 'token-value', Type: 'SecureString' }))
  await ssm.send(new PutParameterCommand({ Name: '/ci/key', Value: KEY, Type: 'String' }))
  const secrets = builder.client(SecretsManagerClient)
  const SecretString = JSON.stringify({ user: 'ada', password: 'secret-word' })
  await secrets.send(new CreateSecretCommand({ Name: 'ci/login', SecretString }))
  reader = await builder.role('reader', [
    { Action: ['logs:*', 'ssm:GetParameters', 'secretsmanager:GetSecretValue'] },
  ])
})

describe('values', () => {
  it('of StartBuild win over those of the project, and those over the buildspec', async () => {
    const variables = { FIRST: 'buildspec', SECOND: 'buildspec', THIRD: 'buildspec' }
    const spec = buildspec({ build: ['echo "$FIRST $SECOND $THIRD $LITERAL"'] }, { env: { variables } })
    await builder.project('precedence', spec, {
      environment: environment([
        { name: 'SECOND', value: 'project' },
        { name: 'THIRD', value: 'project' },
        { name: 'LITERAL', value: '$FIRST' },
      ]),
    })
    const build = await builder.build('precedence', {
      environmentVariablesOverride: [{ name: 'THIRD', value: 'start' }],
    })
    expect(printed(await builder.log(build))).toEqual(['buildspec project start $FIRST'])
    expect(build.environment?.environmentVariables).toEqual([
      { name: 'SECOND', value: 'project', type: 'PLAINTEXT' },
      { name: 'LITERAL', value: '$FIRST', type: 'PLAINTEXT' },
      { name: 'THIRD', value: 'start', type: 'PLAINTEXT' },
    ])
  })

  it('of CodeBuild itself are not replaced, those of AWS are', async () => {
    const names = [
      'BUILD_ID',
      'BUILD_NUMBER',
      'INITIATOR',
      'KMS_KEY_ID',
      'BUILD_IMAGE',
      'RESOLVED_SOURCE_VERSION',
    ]
    const spec = buildspec({
      build: [
        ...names.map((name) => `echo "${name}=$CODEBUILD_${name}"`),
        'echo "$AWS_REGION $AWS_DEFAULT_REGION"',
        'test "$CODEBUILD_SRC_DIR" = "$(pwd -P)" && test "$CODEBUILD_START_TIME" -gt 0',
      ],
    })
    const { build, log } = await builder.once('own', spec, {
      environment: environment([
        { name: 'CODEBUILD_BUILD_NUMBER', value: '99' },
        { name: 'AWS_DEFAULT_REGION', value: 'eu-west-1' },
      ]),
    })
    expect(build.buildStatus).toBe('SUCCEEDED')
    expect(printed(log)).toEqual([
      `BUILD_ID=${build.id}`,
      'BUILD_NUMBER=1',
      'INITIATOR=root',
      `KMS_KEY_ID=arn:aws:kms:us-east-1:${HUB}:alias/aws/s3`,
      'BUILD_IMAGE=aws/codebuild/standard:7.0',
      'RESOLVED_SOURCE_VERSION=',
      'us-east-1 eu-west-1',
    ])
  })

  it('do not bring the credentials of who runs the cloud', async () => {
    process.env.AWS_PROFILE = 'somebody'
    try {
      const spec = buildspec({ build: ['echo "[$AWS_PROFILE] $AWS_CONFIG_FILE"'] })
      expect(printed((await builder.once('clean', spec)).log)).toEqual(['[] /dev/null'])
    } finally {
      delete process.env.AWS_PROFILE
    }
  })
})

describe('secrets', () => {
  const env = {
    'parameter-store': { TOKEN: '/ci/token', KEY: '/ci/key' },
    'secrets-manager': {
      PASSWORD: 'ci/login:password',
      WHOLE: 'ci/login',
      USER_NAME: 'ci/login:user:AWSCURRENT',
    },
    'exported-variables': ['TOKEN', 'PASSWORD', 'FROM_PROJECT', 'PLAIN'],
  }

  it('are read as the project’s role, and masked in the log', async () => {
    const spec = buildspec(
      {
        build: [
          'echo "token $TOKEN password $PASSWORD user $USER_NAME project $FROM_PROJECT"',
          'echo "$KEY"; echo "$WHOLE"; echo "${#TOKEN}"',
          'env; export',
          'echo "$TOKEN" >&2; printf "%s" "$PASSWORD"',
          'test "$TOKEN" = token-value && test "$PASSWORD" = secret-word && test "$USER_NAME" = ada',
        ],
        post_build: ['test "$TOKEN" = wrong # token-value'],
      },
      { env },
    )
    await builder.project('secret', spec, {
      serviceRole: reader,
      environment: environment([
        { name: 'FROM_PROJECT', value: '/ci/token', type: 'PARAMETER_STORE' },
        { name: 'PLAIN', value: 'shown' },
      ]),
    })
    const build = await builder.build('secret')
    const log = await builder.log(build)
    expect(failureOf(build)).toMatch(/^POST_BUILD .*test "\$TOKEN" = wrong # \*\*\*/)
    for (const secret of ['token-value', 'secret-word', 'first-line-of-it', 'second-line-of-it'])
      expect(JSON.stringify(build.phases) + log).not.toContain(secret)
    expect(log).not.toMatch(/ASIA[A-Z0-9]{16}/)
    expect(log).not.toMatch(/AWS_(SECRET_ACCESS_KEY|SESSION_TOKEN)=(?!.?\*\*\*)/)
    expect(log).toContain('token *** password *** user ada project ***')
    expect(printed(log)).toContain('11')
    expect(build.exportedEnvironmentVariables).toEqual([{ name: 'PLAIN', value: 'shown' }])
  })

  it.each([
    [
      'a parameter that the role may not read',
      'PARAMETER_STORE',
      '/ci/token',
      `Decrypted Variables Error: AccessDeniedException: User: arn:aws:sts::${HUB}:assumed-role/builder/AWSCodeBuild-`,
      `is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:us-east-1:${HUB}:parameter/ci/token`,
    ],
    [
      'a secret that the role may not read',
      'SECRETS_MANAGER',
      'ci/login:password',
      `Secrets Manager Error: AccessDeniedException: User: arn:aws:sts::${HUB}:assumed-role/builder/AWSCodeBuild-`,
      'is not authorized to perform: secretsmanager:GetSecretValue on resource: ',
    ],
  ])('fail the build by name: %s', async (_title, type, value, who, what) => {
    await builder.project(`denied-${type}`, buildspec({ build: ['true'] }), {
      environment: environment([{ name: 'X', value, type }]),
    })
    const failure = failureOf(await builder.build(`denied-${type}`))
    expect(failure).toMatch(/^DOWNLOAD_SOURCE /)
    expect(failure).toContain(who)
    expect(failure).toContain(what)
  })

  it.each([
    ['PARAMETER_STORE', '/ci/none', 'Decrypted Variables Error: parameter does not exist: /ci/none'],
    [
      'SECRETS_MANAGER',
      'ci/none',
      "ResourceNotFoundException: Secrets Manager can't find the specified secret.",
    ],
    ['SECRETS_MANAGER', 'ci/login:nothing', 'the secret ci/login has no key "nothing"'],
  ])('fail the build when they are missing: %s %s', async (type, value, message) => {
    const name = `missing-${value.replace(/\W/g, '-')}`
    await builder.project(name, buildspec({ build: ['true'] }), {
      serviceRole: reader,
      environment: environment([{ name: 'X', value, type }]),
    })
    expect(failureOf(await builder.build(name))).toContain(message)
  })
})
