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
      onFailure: { does: 'CONTINUE' },
      runtimeVersions: {},
    })
    expect(buildspec.phases.install?.runtimeVersions).toEqual({ nodejs: '22' })
    expect(buildspec.artifacts).toEqual({
      files: ['**/*'],
      excludePaths: ['node_modules/**'],
      baseDirectory: 'dist',
      discardPaths: true,
      enableSymlinks: false,
      name: undefined,
      s3Prefix: undefined,
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

  test('names what it does not support, and what is wrong', () => {
    const phases = 'phases: { build: { commands: [make] } }'
    expect(refused(`version: 0.3\n${phases}`)).toMatch(/version 0.3/)
    expect(refused(`version: 0.2\nrun-as: me\n${phases}`)).toMatch(/run-as is "me", which is not supported/)
    expect(refused(`version: 0.2\n${phases}\nbatch: { fast-fail: true }`)).toMatch(/batch has 0 of/)
    expect(refused(`version: 0.2\n${phases}\nreports: { r: { files: [x], file-format: TAP } }`)).toMatch(
      /TAP/,
    )
    expect(refused('version: 0.2\nphases: { biuld: { commands: [make] } }')).toMatch(/no phases/)
    expect(refused('version: 0.2\nphases: { build: { on-failure: RETRY-101, commands: [] } }')).toMatch(/100/)
    expect(refused('version: 0.2\nphases: { build: { on-failure: RETRY-(, commands: [] } }')).toMatch(
      /regular/,
    )
    expect(refused('version: 0.2\nphases: { build: { on-failure: AGAIN, commands: [] } }')).toMatch(/AGAIN/)
    expect(refused(`version: 0.2\nenv: { shell: powershell.exe }\n${phases}`)).toMatch(/powershell/)
    expect(refused('version: 0.2\nphases: {}')).toMatch(/no phases/)
    expect(refused(`version: 0.2\n${phases}\nartifacts: { name: x }`)).toMatch(/artifacts\/files is required/)
    expect(refused('version: [')).toMatch(/YAML_FILE_ERROR/)
  })

  test('tells where a command is a mapping', () => {
    const text = 'version: 0.2\nphases:\n  build:\n    commands:\n      - echo\n      - echo "a: b"\n'
    expect(refused(text)).toBe(
      'Expected Commands[1] to be of string type: found subkeys instead at line 6, value of the key tag on line 5 might be empty',
    )
  })

  test('warns of keys that CodeBuild does not know either', () => {
    const { warnings } = parseBuildspec(
      'version: 0.2\nphases: { build: { env: { A: b }, commands: make, runtime-versions: {} } }\nname: mine',
    )
    expect(warnings).toEqual([
      'Found possible syntax errors in buildspec: ',
      'In the section ROOT',
      '\tThe following keys cannot be identified:',
      '\t\tname',
      'In the section BUILD',
      '\tThe following keys cannot be identified:',
      '\t\tenv',
      '\t\truntime-versions',
    ])
  })

  test('takes scalars as they are written', () => {
    const { variables } = parseBuildspec(
      'version: 0.2\nenv: { variables: { V: 1.10, T: yes, N: null, D: 2024-01-01, O: 0o17 } }\nphases: { build: { commands: make } }',
    )
    expect(variables).toEqual({ V: '1.10', T: 'yes', N: 'null', D: '2024-01-01', O: '0o17' })
  })
})
