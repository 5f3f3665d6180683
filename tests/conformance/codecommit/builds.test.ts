/** Builds clone repositories as their role: under AWS's own host name, and at the address that GetRepository tells. */
import { CodeCommitClient, CreateCommitCommand, CreateRepositoryCommand } from '@aws-sdk/client-codecommit'
import { expect, it } from 'vitest'
import { buildspec, openBuilder, printed } from '../codebuild/builder.ts'
import { hasHelper } from './git-client.ts'

const builder = await openBuilder()

it.skipIf(!hasHelper)(
  'with git and the credential helper (skipped: there is no aws CLI)',
  async () => {
    const commits = builder.client(CodeCommitClient)
    const repositoryName = 'app'
    await commits.send(new CreateRepositoryCommand({ repositoryName }))
    const putFiles = [{ filePath: 'readme.txt', fileContent: Buffer.from('content of the commit\n') }]
    await commits.send(new CreateCommitCommand({ repositoryName, branchName: 'main', putFiles }))
    const serviceRole = await builder.role('cloner', [
      { Action: ['codecommit:GitPull', 'codecommit:GetRepository', 'logs:*'] },
    ])
    const told = `$(aws codecommit get-repository --repository-name app --query repositoryMetadata.cloneUrlHttp --output text)`
    // What git-remote-codecommit hands to git: the signed address under AWS's host name.
    const signed = [
      `pair=$(printf 'protocol=https\\nhost=git-codecommit.us-east-1.amazonaws.com\\npath=v1/repos/app\\n' | aws codecommit credential-helper get)`,
      `user=$(echo "$pair" | sed -n 's/^username=//p' | python3 -c 'import sys, urllib.parse; print(urllib.parse.quote(sys.stdin.read().strip(), safe=""))')`,
      `secret=$(echo "$pair" | sed -n 's/^password=//p')`,
      `git -c credential.helper= ls-remote "https://$user:$secret@git-codecommit.us-east-1.amazonaws.com/v1/repos/app" main`,
    ].join('; ')
    const { build, log } = await builder.once(
      'clones',
      buildspec(
        {
          build: [
            'git clone --quiet https://git-codecommit.us-east-1.amazonaws.com/v1/repos/app one && cat one/readme.txt',
            `git clone --quiet ${told} two && cat two/readme.txt`,
            signed,
          ],
        },
        { env: { 'git-credential-helper': 'yes' } },
      ),
      { serviceRole },
    )
    expect(build.buildStatus, log).toBe('SUCCEEDED')
    const lines = printed(log).join('\n')
    expect(lines.match(/^content of the commit$/gm)).toHaveLength(2)
    expect(lines).toMatch(/^[0-9a-f]{40}\trefs\/heads\/main$/m)
  },
  60_000,
)
