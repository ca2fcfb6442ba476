'use strict';
// Reads ESC/POS on standard input with npos, somebody else's decoder, and writes its commands as
// JSON: [{"name": "ESC @", "data": "hex"}, ...]. Text is named "text".
var npos = require('npos');
var rules = require('npos/lib/parser/rules');

rules[0x1d]['(k'] = [0, 'd16']; // GS ( k, two-dimensional codes: npos does not know it.

var chunks = [];
process.stdin.on('data', function (chunk) { chunks.push(chunk); });
process.stdin.on('end', function () {
  var raw = Buffer.concat(chunks);
  var ast = npos.parser(rules).analyze(raw);
  if (ast.error) {
    process.stderr.write(String(ast.error.message));
    process.exit(1);
  }
  process.stdout.write(JSON.stringify(ast.tree.map(function (node) {
    var name = node.fn === undefined ? node.ascii : node.ascii + ' ' + node.fn;
    var from = node.offset + (node.code === 2 ? 0 : 1 + (node.fn || '').length);
    return {
      name: node.code === 2 ? 'text' : name,
      data: raw.slice(from, node.offset + node.length).toString('hex')
    };
  })));
});
