import { describe, expect, test } from 'vitest'
import { BuildspecError, parseBuildspec } from './buildspec.ts'

const refused = (text: string): string => {
  try {
    parseBuildspec(text)
  } catch (error) {
    expect(error).toBeInstanceOf(BuildspecError)
    return (error as Error).message
  }
  throw new Error('it was accepted')
}

describe('parseBuildspec', () => {
  test('reads phases, environment and artifacts', () => {
    const buildspec = parseBuildspec(`
version: 0.2
env:
  shell: bash
  variables: { PORT: 80 }
  parameter-store: { TOKEN: /ci/token }
  exported-variables: [TAG]
phases:
  install: { runtime-versions: { nodejs: 22 }, commands: [npm ci] }
  build: { on-failure: CONTINUE, commands: [make], finally: [make clean] }
artifacts:
  files: ["**/*"]
  exclude-paths: [node_modules/**]
  base-directory: dist
  discard-paths: yes
`)
    expect(buildspec.shell).toBe('bash')
    expect(buildspec.variables).toEqual({ PORT: '80' })
    expect(buildspec.parameterStore).toEqual({ TOKEN: '/ci/token' })
    expect(buildspec.exportedVariables).toEqual(['TAG'])
    expect(buildspec.phases.install?.commands).toEqual(['npm ci'])
    expect(buildspec.phases.build).toEqual({
      commands: ['make'],
      finally: ['make clean'],
      onFailure: 'CONTINUE',
      runtimeVersions: {},
    })
    expect(buildspec.phases.install?.runtimeVersions).toEqual({ nodejs: '22' })
    expect(buildspec.artifacts).toEqual({
      files: ['**/*'],
      excludePaths: ['node_modules/**'],
      baseDirectory: 'dist',
      discardPaths: true,
      name: undefined,
    })
  })

  test('takes secondary artifacts without a primary one', () => {
    const buildspec = parseBuildspec(`
version: 0.2
phases: { build: { commands: [make] } }
artifacts: { secondary-artifacts: { app: { files: [app.zip] } } }
`)
    expect(buildspec.artifacts).toBeUndefined()
    expect(buildspec.secondaryArtifacts.app?.files).toEqual(['app.zip'])
  })

  test('names what it does not support', () => {
    const phases = 'phases: { build: { commands: [make] } }'
    expect(refused(`version: 0.1\n${phases}`)).toMatch(/version is 0.1/)
    expect(refused(`version: 0.2\n${phases}\nbatch: {}`)).toMatch(/batch is not supported/)
    expect(refused(`version: 0.2\n${phases}\nreports: {}`)).toMatch(/reports is not supported/)
    expect(refused(`version: 0.2\n${phases}\ncache: {}`)).toMatch(/cache is not supported/)
    expect(refused(`version: 0.2\n${phases}\nproxy: {}`)).toMatch(/proxy is not supported/)
    expect(refused(`version: 0.2\nrun-as: me\n${phases}`)).toMatch(/run-as is not supported/)
    expect(refused(`version: 0.2\nenv: { git-credential-helper: yes }\n${phases}`)).toMatch(
      /env\/git-credential-helper is not supported/,
    )
    expect(refused('version: 0.2\nphases: { build: { runtime-versions: {}, commands: [] } }')).toMatch(
      /phases\/build\/runtime-versions/,
    )
    expect(refused('version: 0.2\nphases: { biuld: { commands: [make] } }')).toMatch(/phases\/biuld/)
    expect(refused('version: 0.2\nphases: { build: { on-failure: RETRY, commands: [] } }')).toMatch(/RETRY/)
    expect(refused(`version: 0.2\nenv: { shell: powershell.exe }\n${phases}`)).toMatch(/powershell/)
    expect(refused('version: 0.2\nphases: {}')).toMatch(/no phases/)
    expect(refused(`version: 0.2\n${phases}\nartifacts: { name: x }`)).toMatch(/artifacts\/files is required/)
    expect(refused('version: [')).toMatch(/YAML_FILE_ERROR/)
  })
})
