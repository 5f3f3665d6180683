/** Each format of reports as its tools write it, and files that nobody should write. */
import { describe, expect, it } from 'vitest'
import { COVERAGE_READERS } from './coverage-reports.ts'
import { TEST_READERS } from './test-reports.ts'

const tests = (format: string, text: string): string[] =>
  TEST_READERS[format]!(text).map(({ prefix, name, status, message, nanoseconds }) =>
    [prefix, name, status, message, nanoseconds].join(' | '),
  )

const SAMPLES: [format: string, text: string, results: string[]][] = [
  [
    'JUNITXML',
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="4"><testsuite name="outer"><properties/>
  <testcase name="plain" time="1,000.5"/>
  <testsuite name="inner"><testcase classname="a.B" name="skips" time="0"><skipped/></testcase></testsuite>
  <testcase classname="a.B" name="fails &lt;here&gt;"><failure type="E"><![CDATA[ not <equal> ]]></failure></testcase>
  <testcase classname="a.B" name="errs"><error message="boom">trace</error><system-out>x</system-out></testcase>
</testsuite></testsuites>`,
    [
      'outer | plain | SUCCEEDED |  | 1000500000000',
      'a.B | fails <here> | FAILED | not <equal> | 0',
      'a.B | errs | ERROR | boom | 0',
      'a.B | skips | SKIPPED |  | 0',
    ],
  ],
  [
    'NUNITXML',
    `<test-results name="x.dll"><test-suite name="Suite"><results>
  <test-case name="N.Good" executed="True" result="Success" success="True" time="0.25"/>
  <test-case name="N.Bad" executed="True" success="False"><failure><message>no</message></failure></test-case>
  <test-case name="N.Not" executed="False" result="Ignored"><reason><message>later</message></reason></test-case>
</results></test-suite></test-results>`,
    [
      'Suite | N.Good | SUCCEEDED |  | 250000000',
      'Suite | N.Bad | FAILED | no | 0',
      'Suite | N.Not | SKIPPED | later | 0',
    ],
  ],
  [
    'NUNIT3XML',
    `<test-run><test-suite><test-suite>
  <test-case name="Good" classname="N.T" result="Passed" duration="0.5"/>
  <test-case name="Err" classname="N.T" result="Failed" label="Error"><failure><message>boom</message></failure></test-case>
  <test-case name="Maybe" classname="N.T" result="Inconclusive"/>
</test-suite></test-suite></test-run>`,
    ['N.T | Good | SUCCEEDED |  | 500000000', 'N.T | Err | ERROR | boom | 0', 'N.T | Maybe | UNKNOWN |  | 0'],
  ],
  [
    'TESTNGXML',
    `<!DOCTYPE testng-results SYSTEM "http://testng.org/testng-results.dtd">
<testng-results><suite name="S"><test><class name="a.B">
  <test-method name="before" is-config="true" status="PASS"/>
  <test-method name="good" status="PASS" duration-ms="12"/>
  <test-method name="bad" status="FAIL"><exception class="E"><message><![CDATA[no]]></message></exception></test-method>
</class></test></suite></testng-results>`,
    ['a.B | good | SUCCEEDED |  | 12000000', 'a.B | bad | FAILED | no | 0'],
  ],
  [
    'VISUALSTUDIOTRX',
    `\ufeff<TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>
  <UnitTestResult testId="1" testName="Good" outcome="Passed" duration="00:01:00.5000000"/>
  <UnitTestResult testId="2" testName="Bad" outcome="Failed"><Output><ErrorInfo><Message>no</Message></ErrorInfo></Output></UnitTestResult>
  <UnitTestResult testId="2" testName="Not" outcome="NotExecuted"/>
</Results><TestDefinitions><UnitTest id="1"><TestMethod className="N.T"/></UnitTest></TestDefinitions></TestRun>`,
    ['N.T | Good | SUCCEEDED |  | 60500000000', ' | Bad | FAILED | no | 0', ' | Not | SKIPPED |  | 0'],
  ],
  [
    'CUCUMBERJSON',
    JSON.stringify([
      {
        name: 'Shop',
        elements: [
          { type: 'background', steps: [{ result: { status: 'failed' } }] },
          { type: 'scenario', name: 'buys', steps: [{ result: { status: 'passed', duration: 5 } }, {}] },
          { name: 'fails', steps: [{ result: { status: 'failed', duration: 7, error_message: 'no' } }] },
          { name: 'waits', steps: [{ result: { status: 'pending' } }] },
          { name: 'unknown', steps: [{ result: { status: 'undefined' } }], before: 7 },
        ],
      },
      null,
    ]),
    [
      'Shop | buys | SUCCEEDED |  | 5',
      'Shop | fails | FAILED | no | 7',
      'Shop | waits | SKIPPED |  | 0',
      'Shop | unknown | UNKNOWN |  | 0',
    ],
  ],
]

describe('results of tests', () => {
  it.each(SAMPLES)('are read from %s', (format, text, results) => {
    expect(tests(format, text)).toEqual(results)
  })
})

const COVERED: [format: string, text: string, files: [string, number, number, number, number][]][] = [
  [
    'CLOVERXML',
    '<coverage><project><package><file name="a.js" path="/src/a.js"><metrics statements="10" coveredstatements="9" conditionals="4" coveredconditionals="1"/></file></package></project></coverage>',
    [['/src/a.js', 9, 1, 1, 3]],
  ],
  [
    'COBERTURAXML',
    `<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
<coverage><packages><package><classes>
  <class name="A" filename="a.py"><lines><line number="1" hits="2"/><line number="2" hits="0"/></lines></class>
  <class name="B" filename="a.py"><lines><line number="2" hits="1" branch="true" condition-coverage="50% (1/2)"/></lines></class>
</classes></package></packages></coverage>`,
    [['a.py', 2, 0, 1, 1]],
  ],
  [
    'JACOCOXML',
    `<!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd">
<report name="x"><group><package name="a/b"><class><counter type="LINE" missed="9" covered="9"/></class>
<sourcefile name="C.java"><line nr="1"/><counter type="BRANCH" missed="1" covered="3"/><counter type="LINE" missed="2" covered="5"/></sourcefile>
</package></group></report>`,
    [['a/b/C.java', 5, 2, 3, 1]],
  ],
  [
    'SIMPLECOV',
    JSON.stringify({
      RSpec: {
        coverage: {
          'a.rb': [1, 0, null, 3],
          'b.rb': { lines: [0, null], branches: { '[:if, 0]': { '[:then, 1]': 2, '[:else, 2]': 0 } } },
        },
        timestamp: 1,
      },
    }),
    [
      ['a.rb', 2, 1, 0, 0],
      ['b.rb', 0, 1, 1, 1],
    ],
  ],
]

describe('code coverage', () => {
  it.each(COVERED)('is read from %s', (format, text, files) => {
    expect(COVERAGE_READERS[format]!(text).map((one) => Object.values(one))).toEqual(files)
  })
})

const MANY = 200_000
const HOSTILE: [what: string, text: string][] = [
  ['nothing', ''],
  ['no XML', '{"a": 1}'],
  ['elements within elements', '<testsuite>'.repeat(MANY)],
  ['attributes without end', `<testsuite ${'a="b" '.repeat(MANY)}`],
  ['spaces without end', `<testsuite${' '.repeat(MANY)}`],
  ['an open comment', `<testsuite><!--${'-'.repeat(MANY)}`],
  ['ampersands', `<testsuite name="${'&'.repeat(MANY)}"/>`],
  ['entities of its own', '<!DOCTYPE a [<!ENTITY b "&c;&c;">]><testsuite>&b;</testsuite>'],
  [
    'a file from elsewhere',
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><testsuite>&b;</testsuite>',
  ],
  ['brackets', '['.repeat(MANY)],
  ['another root', '<html/>'],
  ['the wrong JSON', '{"__proto__": {"coverage": 7}}'],
]

describe('a file that is no report', () => {
  const readers = Object.entries({ ...TEST_READERS, ...COVERAGE_READERS })
  it.each(HOSTILE)('with %s is refused in words', (_, text) => {
    for (const [, read] of readers) expect(() => read(text)).toThrow(/^the file /)
  })

  it('may have names that mean something elsewhere', () => {
    expect(
      tests('JUNITXML', '<testsuite><testcase name="__proto__" classname="constructor"/></testsuite>'),
    ).toEqual(['constructor | __proto__ | SUCCEEDED |  | 0'])
  })
})
