<?php
// For PHP's own web server: files are served as they are, every other address is WordPress's.
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path !== '/' && is_file(getenv('SITE') . $path)) return false;
$_SERVER['SCRIPT_NAME'] = '/index.php';
chdir(getenv('SITE'));
require getenv('SITE') . '/index.php';
