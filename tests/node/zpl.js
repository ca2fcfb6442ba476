'use strict';
// Reads ZPL on standard input and draws its labels with zpl-renderer-js (zebrash), somebody
// else's renderer. Arguments: width and height in mm, dots per mm. Writes a JSON list of PNGs.
var renderer = require('zpl-renderer-js');

var chunks = [];
process.stdin.on('data', function (chunk) { chunks.push(chunk); });
process.stdin.on('end', function () {
  var sizes = process.argv.slice(2).map(Number);
  renderer.ready.then(function (ready) {
    var zpl = Buffer.concat(chunks).toString('utf8');
    return ready.api.zplToBase64MultipleAsync(zpl, sizes[0], sizes[1], sizes[2]);
  }).then(function (labels) {
    process.stdout.write(JSON.stringify(labels), function () { process.exit(0); });
  }).catch(function (error) {
    process.stderr.write(String(error && error.message || error), function () { process.exit(1); });
  });
});
