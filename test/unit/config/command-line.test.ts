import { test } from 'node:test'
import { deepEqual, equal } from 'node:assert/strict'
import { asksForSentinel, parseCommandLine, specialRequest } from '../../../src/config/command-line.js'

test('options become lines', () => {
  const cases: [args: string[], options: string][] = [
    [[], ''],
    [['--port', '7000'], 'port "7000" '],
    [['--port', '7000', '--hz', '5'], 'port "7000" \nhz "5" '],
    [['--port 7000', '--hz 5'], 'port 7000 \nhz 5 '],
    [['--save', '3600', '1', '300', '100'], 'save "3600" "1" "300" "100" '],
    [['--save', ''], 'save "" '],
    [['--save'], 'save ""'],
    [['--hz', '5', '--SAVE'], 'hz "5" \nSAVE ""'],
    [['--save', '--hz', '5'], 'save ""\nhz "5" '],
    [['--save ', '--hz', '5'], 'save  "--hz" "5" '],
    [['--sentinel'], 'sentinel '],
    [['--sentinel', '--hz', '5'], 'sentinel \nhz "5" '],
    [['--appendonly'], 'appendonly '],
    [['--appendonly', '--hz', '5'], 'appendonly "--hz" "5" '],
    [['--proc-title-template', '--my', '--hz', '5'], 'proc-title-template "--my" \nhz "5" '],
    [['--requirepass', 'a"b\n'], 'requirepass "a\\"b\\n" '],
    [['--port "7', '--hz', '5'], 'port "7 \nhz "5" '],
    [['--', 'hz', '5'], ' "hz" "5" '],
    [['-hz', '5'], '"-hz" "5" '],
    [['--hz', '-5'], 'hz "-5" '],
  ]
  for (const [args, options] of cases) {
    deepEqual(parseCommandLine(args), { configFile: undefined, readsStandardInput: false, options }, args.join(' '))
  }
})

test('a file comes first, standard input first or last', () => {
  const cases: [args: string[], configFile: string | undefined, readsStandardInput: boolean, options: string][] = [
    [['a.conf'], 'a.conf', false, ''],
    [['a.conf', '--hz', '5'], 'a.conf', false, 'hz "5" '],
    [['a.conf', 'hz', '5'], 'a.conf', false, '"hz" "5" '],
    [['-'], undefined, true, ''],
    [['-', '--hz', '5'], undefined, true, 'hz "5" '],
    [['a.conf', '-'], 'a.conf', true, ''],
    [['a.conf', '--hz', '5', '-'], 'a.conf', true, 'hz "5" '],
    [['a.conf', '-', 'x'], 'a.conf', false, '"-" "x" '],
    [[''], '', false, ''],
  ]
  for (const [args, configFile, readsStandardInput, options] of cases) {
    deepEqual(parseCommandLine(args), { configFile, readsStandardInput, options }, args.join(' '))
  }
})

test('sentinel mode and special requests', () => {
  deepEqual(
    [
      asksForSentinel('/usr/bin/redis-sentinel', []),
      asksForSentinel('spinel-server', ['a.conf', '--sentinel']),
      asksForSentinel('spinel-server', ['--sentinel-x']),
    ],
    [true, true, false],
  )
  equal(specialRequest(['-v', 'x']), 'version')
  equal(specialRequest(['a.conf', '--help']), undefined)
  equal(specialRequest([]), undefined)
})
